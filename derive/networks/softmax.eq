# a softmax classifier with the categorical cross-entropy
z[k] = sum(w[k,i]*x[i], i=1..2) + b[k], k=1..3
p[k] = exp(z[k])/sum(exp(z[m]), m=1..3), k=1..3
E = -sum(target[k]*ln(p[k]), k=1..3)
