# a recurrent network over three steps, with the same weights in each
net[t] = w*x[t] + u*h[t-1] + b, t=1..3                          # h[0] is where it starts
h[t] = tanh(net[t]), t=1..3
out = v*h[3]
E = 1/2*(target - out)^2

numbers: x = [1, 0.5, -1], h[0] = 0, target = 0.5
numbers: w = 0.6, u = 0.9, b = 0.1, v = 1.2
rate: 0.1
