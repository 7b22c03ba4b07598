# a word embedding with a softmax over three words
h[k] = sum(w[i,k]*x[i], i=1..3), k=1..2                         # x is 1 for one word, else 0
z[j] = sum(v[j,k]*h[k], k=1..2), j=1..3                         # a score for every word
p[j] = exp(z[j])/sum(exp(z[m]), m=1..3), j=1..3                 # its probability
E = -sum(target[j]*ln(p[j]), j=1..3)                            # the next word is 1, else 0

condition: sum(target[j], j=1..3) = 1
numbers: x = [0, 1, 0], target = [0, 0, 1]
numbers: w = [[0.2, -0.1], [0.4, 0.3], [-0.2, 0.5]], v = [[0.1, 0.6], [-0.4, 0.2], [0.5, -0.3]]
