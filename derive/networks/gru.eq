# a GRU cell, one unit and one step
z = sig(w_z*x + u_z*h0 + b_z)                                   # the update gate: what stays of the old state
r = sig(w_r*x + u_r*h0 + b_r)                                   # the reset gate: what the candidate sees of it
n = tanh(w_n*x + r*(u_n*h0) + b_n)                              # the candidate: what could come instead
h = (1 - z)*n + z*h0                                            # the new state, a mixture of both
E = 1/2*(target - h)^2

numbers: x = 1, h0 = 0.5, target = -0.2
numbers: w_z = 0.3, u_z = -0.6, b_z = 0.1, w_r = 0.7, u_r = 0.2, b_r = 0
numbers: w_n = -0.5, u_n = 0.8, b_n = 0.2
