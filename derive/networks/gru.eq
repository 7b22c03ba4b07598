# a GRU cell, one unit and one step
z = sig(w_z*x + u_z*h0 + b_z)               # the update gate
r = sig(w_r*x + u_r*h0 + b_r)               # the reset gate
n = tanh(w_n*x + r*(u_n*h0) + b_n)          # the candidate
h = (1 - z)*n + z*h0
E = 1/2*(target - h)^2
