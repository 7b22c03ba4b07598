weights: w
inputs: y[1..3], d[4..5]
x[j] = sum(y[i]*w[j,i], i=1..3), j=4..5
y[j] = 1/(1 + exp(-x[j])), j=4..5
E = 1/2*sum((y[j] - d[j])^2, j=4..5)
