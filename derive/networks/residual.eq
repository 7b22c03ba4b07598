# a residual block: what comes in is added to what comes out
net[j] = sum(w[j,i]*x[i], i=1..2) + b[j], j=1..2
out[j] = x[j] + tanh(net[j]), j=1..2                            # x skips the weights
y = sum(v[j]*out[j], j=1..2)
E = 1/2*(target - y)^2

numbers: x = [0.5, -1], target = 0.3
numbers: w = [[0.4, 0.1], [-0.3, 0.6]], b = [0.2, -0.1], v = [0.7, -0.5]
