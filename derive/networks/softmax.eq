# a softmax classifier with the categorical cross-entropy
z[k] = sum(w[k,i]*x[i], i=1..2) + b[k], k=1..3                  # a score for every class
p[k] = exp(z[k])/sum(exp(z[m]), m=1..3), k=1..3                 # its probability
E = -sum(target[k]*ln(p[k]), k=1..3)                            # 1 for the right class, else 0

condition: sum(target[k], k=1..3) = 1
numbers: x = [1, 2], target = [0, 1, 0]
numbers: w = [[0.1, -0.2], [0.3, 0.4], [-0.5, 0.2]], b = [0, 0.1, -0.1]
