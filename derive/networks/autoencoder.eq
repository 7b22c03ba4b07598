# an autoencoder with tied weights: the decoder uses the weights of the encoder
code[j] = sig(sum(w[j,i]*x[i], i=1..3) + b[j]), j=1..2          # the code: three numbers become two
y[i] = sum(w[j,i]*code[j], j=1..2) + v[i], i=1..3               # decoded: three numbers again
E = sum(1/2*(x[i] - y[i])^2, i=1..3)                            # the input is the target

numbers: x = [0.9, 0.1, 0.5]
numbers: w = [[0.4, -0.2, 0.1], [-0.3, 0.5, 0.2]], b = [0.1, -0.1], v = [0, 0.2, 0.1]
