# scaled dot-product attention of two tokens
q[i] = sum(wq[k]*x[i,k], k=1..2), i=1..2
key[i] = sum(wk[k]*x[i,k], k=1..2), i=1..2
value[i] = sum(wv[k]*x[i,k], k=1..2), i=1..2
score[i,j] = q[i]*key[j], i=1..2, j=1..2
a[i,j] = exp(score[i,j])/sum(exp(score[i,m]), m=1..2), i=1..2, j=1..2
out[i] = sum(a[i,j]*value[j], j=1..2), i=1..2
E = sum(1/2*(target[i] - out[i])^2, i=1..2)
