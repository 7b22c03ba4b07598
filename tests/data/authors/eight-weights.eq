weights: w1, w2, w3, w4, w5, w6, w7, w8
h1 = w1*i1 + w2*i2
h2 = w3*i1 + w4*i2
a_h1 = sig(h1)
a_h2 = sig(h2)
o1 = w5*a_h1 + w6*a_h2
o2 = w7*a_h1 + w8*a_h2
a_o1 = sig(o1)
a_o2 = sig(o2)
E1 = 1/2*(t1 - a_o1)^2
E2 = 1/2*(t2 - a_o2)^2
E_total = E1 + E2
