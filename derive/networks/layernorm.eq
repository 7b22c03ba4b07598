# layer normalisation of three numbers
mean = 1/3*sum(x[i], i=1..3)
var = 1/3*sum((x[i] - mean)^2, i=1..3)
y[i] = w[i]*(x[i] - mean)/sqrt(var + 0.00001) + b[i], i=1..3    # scaled by w, shifted by b
E = sum(1/2*(target[i] - y[i])^2, i=1..3)

numbers: x = [0.1, 1, -0.5], target = [0.5, 1, -1]
numbers: w = [1, 0.9, 1.1], b = [0, 0.1, -0.1]
