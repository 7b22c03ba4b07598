# an autoencoder with tied weights: the decoder uses the encoder's weights
code[j] = sig(sum(w[j,i]*x[i], i=1..3) + b[j]), j=1..2
y[i] = sum(w[j,i]*code[j], j=1..2) + v[i], i=1..3
E = sum(1/2*(x[i] - y[i])^2, i=1..3)
