# batch normalisation of one unit over three examples
z[n] = w*x[n], n=1..3                                           # n counts the examples
mean = 1/3*sum(z[n], n=1..3)
var = 1/3*sum((z[n] - mean)^2, n=1..3)
y[n] = v*(z[n] - mean)/sqrt(var + 0.00001) + b, n=1..3          # scaled by v, shifted by b
E = 1/3*sum(1/2*(target[n] - y[n])^2, n=1..3)

numbers: x = [0.5, 1.5, -1], target = [0, 1, -1]
numbers: w = 0.8, v = 1, b = 0.1
