# a residual block: what comes in is added to what comes out
net[j] = sum(w[j,i]*x[i], i=1..2) + b[j], j=1..2
out[j] = x[j] + tanh(net[j]), j=1..2
y = sum(v[j]*out[j], j=1..2)
E = 1/2*(target - y)^2
