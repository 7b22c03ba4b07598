# a word embedding with a softmax over three words
h[k] = sum(w[i,k]*x[i], i=1..3), k=1..2
z[j] = sum(v[j,k]*h[k], k=1..2), j=1..3
p[j] = exp(z[j])/sum(exp(z[m]), m=1..3), j=1..3
E = -sum(target[j]*ln(p[j]), j=1..3)
