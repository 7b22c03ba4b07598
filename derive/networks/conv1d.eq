# a 1-D convolution with a shared kernel, ReLU and mean pooling
net[i] = w[1]*x[i] + w[2]*x[i+1] + w[3]*x[i+2] + b, i=1..4
out[i] = relu(net[i]), i=1..4
pool[1] = 1/2*(out[1] + out[2])
pool[2] = 1/2*(out[3] + out[4])
y = v[1]*pool[1] + v[2]*pool[2]
E = 1/2*(target - y)^2
