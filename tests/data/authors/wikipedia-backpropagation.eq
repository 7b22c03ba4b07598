weights: w
inputs: o[1..2], t[6..7]
net[j] = sum(w[i,j]*o[i], i=1..2), j=3..5
net[l] = sum(w[j,l]*o[j], j=3..5), l=6..7
o[j] = sig(net[j]), j=3..7
E = 1/2*sum((t[l] - o[l])^2, l=6..7)
