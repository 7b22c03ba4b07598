# scaled dot-product attention of two tokens
# A token is two numbers. Queries and keys have two entries, hence the square root of 2.
q[i,n] = sum(w_q[n,m]*x[i,m], m=1..2), i=1..2, n=1..2           # what token i looks for
key[i,n] = sum(w_k[n,m]*x[i,m], m=1..2), i=1..2, n=1..2         # what token i offers
value[i] = sum(w_v[m]*x[i,m], m=1..2), i=1..2                   # what token i says
score[i,j] = sum(q[i,n]*key[j,n], n=1..2)/sqrt(2), i=1..2, j=1..2
a[i,j] = exp(score[i,j])/sum(exp(score[i,m]), m=1..2), i=1..2, j=1..2
out[i] = sum(a[i,j]*value[j], j=1..2), i=1..2
E = sum(1/2*(target[i] - out[i])^2, i=1..2)

numbers: x = [[1, 0.5], [-0.5, 1]], target = [0.2, 0.8]
numbers: w_q = [[0.3, -0.1], [0.2, 0.4]], w_k = [[0.1, 0.5], [-0.3, 0.2]], w_v = [0.7, -0.4]
