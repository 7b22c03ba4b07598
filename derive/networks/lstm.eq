# an LSTM cell, one unit and one step
f = sig(w_f*x + u_f*h0 + b_f)       # what to forget
i = sig(w_i*x + u_i*h0 + b_i)       # what to take in
o = sig(w_o*x + u_o*h0 + b_o)       # what to show
g = tanh(w_g*x + u_g*h0 + b_g)      # the candidate
c = f*c0 + i*g                      # the state
h = o*tanh(c)
E = 1/2*(target - h)^2
