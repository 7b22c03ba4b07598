# a 2-D convolution: a 2 × 2 kernel over 3 × 3 pixels
net[i,j] = w[1,1]*x[i,j] + w[1,2]*x[i,j+1] + w[2,1]*x[i+1,j] + w[2,2]*x[i+1,j+1] + b, i=1..2, j=1..2
out[i,j] = sig(net[i,j]), i=1..2, j=1..2
y = sum(v[i,j]*out[i,j], i=1..2, j=1..2)
E = 1/2*(target - y)^2
