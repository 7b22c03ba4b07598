# layer normalisation of three numbers
mean = 1/3*sum(x[i], i=1..3)
var = 1/3*sum((x[i] - mean)^2, i=1..3)
y[i] = w[i]*(x[i] - mean)/(var + 0.00001)^(1/2) + b[i], i=1..3
E = sum(1/2*(target[i] - y[i])^2, i=1..3)
