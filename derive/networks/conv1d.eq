# a 1-D convolution with a shared kernel, ReLU and mean pooling
net[i] = sum(w[k]*x[i+k-1], k=1..3) + b, i=1..4                 # the same kernel at each place
out[i] = relu(net[i]), i=1..4
pool[n] = 1/2*(out[2*n-1] + out[2*n]), n=1..2                   # the mean of two neighbours
y = v[1]*pool[1] + v[2]*pool[2]
E = 1/2*(target - y)^2

inputs: x[1..6], target
numbers: x = [0.1, 0.9, 0.4, -0.3, 0.2, 0.8], target = 1
numbers: w = [0.5, -0.2, 0.3], b = 0.1, v = [0.6, -0.4]
