# a 2-D convolution: a kernel of 2 × 2 weights slides over 3 × 3 pixels
net[i,j] = sum(w[m,n]*x[i+m-1,j+n-1], m=1..2, n=1..2) + b, i=1..2, j=1..2
out[i,j] = sig(net[i,j]), i=1..2, j=1..2
y = sum(v[i,j]*out[i,j], i=1..2, j=1..2)
E = 1/2*(target - y)^2

inputs: x[1..3,1..3], target
numbers: x = [[0, 1, 0], [0, 1, 1], [1, 0, 0]], target = 1
numbers: w = [[0.2, -0.4], [0.5, 0.1]], b = -0.2, v = [[0.3, 0.8], [-0.5, 0.4]]
