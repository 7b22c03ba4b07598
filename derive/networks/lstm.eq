# an LSTM cell, one unit and one step
f = sig(w_f*x + u_f*h0 + b_f)                                   # the forget gate: what stays of the old state
i = sig(w_i*x + u_i*h0 + b_i)                                   # the input gate: what comes in of the candidate
o = sig(w_o*x + u_o*h0 + b_o)                                   # the output gate: what is shown of the state
g = tanh(w_g*x + u_g*h0 + b_g)                                  # the candidate: what could come in
c = f*c0 + i*g                                                  # the state of the cell
h = o*tanh(c)                                                   # the output of the cell
E = 1/2*(target - h)^2

numbers: x = 1, h0 = 0.2, c0 = 0.4, target = 1
numbers: w_f = 0.7, u_f = 0.1, b_f = 0.15, w_i = 0.95, u_i = 0.8, b_i = 0.65
numbers: w_o = 0.6, u_o = 0.4, b_o = 0.1, w_g = 0.45, u_g = 0.25, b_g = 0.2
