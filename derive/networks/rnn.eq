# a recurrent network over three steps, with the same weights in each
net[t] = w*x[t] + u*h[t-1] + b, t=1..3                          # what arrives: the new input, and the state before
h[t] = tanh(net[t]), t=1..3                                     # the state: what the network remembers
out = v*h[3]                                                    # the output, read off the last state
E = 1/2*(target - out)^2

numbers: x = [1, 0.5, -1], h[0] = 0, target = 0.5
numbers: w = 0.6, u = 0.9, b = 0.1, v = 1.2
rate: 0.1
