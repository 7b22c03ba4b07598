# a recurrent network over three steps, with the same weights in each
net[t] = w*x[t] + u*h[t-1] + b, t=1..3
h[t] = tanh(net[t]), t=1..3
out = v*h[3]
E = 1/2*(target - out)^2
