weights: w_i_iota, w_h_iota, w_c_iota, w_i_phi, w_h_phi, w_c_phi, w_i_c, w_h_c, w_i_omega, w_h_omega, w_c_omega, w_c_k
inputs: x[1..3,1..2], b[0,1..2], s[0,1..2], z[1..3,1..2]
a_iota[t] = sum(w_i_iota[i]*x[t,i], i=1..2) + sum(w_h_iota[h]*b[t-1,h], h=1..2) + sum(w_c_iota[c]*s[t-1,c], c=1..2), t=1..3
b_iota[t] = sig(a_iota[t]), t=1..3
a_phi[t] = sum(w_i_phi[i]*x[t,i], i=1..2) + sum(w_h_phi[h]*b[t-1,h], h=1..2) + sum(w_c_phi[c]*s[t-1,c], c=1..2), t=1..3
b_phi[t] = sig(a_phi[t]), t=1..3
a[t,c] = sum(w_i_c[i,c]*x[t,i], i=1..2) + sum(w_h_c[h,c]*b[t-1,h], h=1..2), t=1..3, c=1..2
s[t,c] = b_phi[t]*s[t-1,c] + b_iota[t]*tanh(a[t,c]), t=1..3, c=1..2
a_omega[t] = sum(w_i_omega[i]*x[t,i], i=1..2) + sum(w_h_omega[h]*b[t-1,h], h=1..2) + sum(w_c_omega[c]*s[t,c], c=1..2), t=1..3
b_omega[t] = sig(a_omega[t]), t=1..3
b[t,c] = b_omega[t]*tanh(s[t,c]), t=1..3, c=1..2
y[t,k] = sum(w_c_k[c,k]*b[t,c], c=1..2), t=1..3, k=1..2
L[t] = 1/2*sum((y[t,k] - z[t,k])^2, k=1..2), t=1..3
L_total = sum(L[t], t=1..3)
