# batch normalisation of one unit over three examples
z[n] = w*x[n], n=1..3
mean = 1/3*sum(z[n], n=1..3)
var = 1/3*sum((z[n] - mean)^2, n=1..3)
y[n] = v*(z[n] - mean)/(var + 0.00001)^(1/2) + b, n=1..3
E = 1/3*sum(1/2*(target[n] - y[n])^2, n=1..3)
