# Writes special.csv beside it: python special_grid.py special.csv
# Needs mpmath and scipy. Not run by the tests; kept so that anyone can make the grid again.
import mpmath as mp, scipy, scipy.special as sc, scipy.stats as st, datetime
mp.mp.dps=60
rows=[]
def add(name,a,b,x,true,sci):
    rows.append((name,a,b,x,true,sci))
M=mp.mpf
def Pser(a,x):
    # series for P, positive terms: reliable at any size
    a=M(a);x=M(x)
    t=M(1);s=M(1);n=a
    while True:
        n+=1;t*=x/n;s+=t
        if t<s*mp.mpf(10)**-45: break
    return s*mp.exp(a*mp.log(x)-x-mp.loggamma(a+1))
def Qcf(a,x):
    # Legendre continued fraction, modified Lentz in 60 digits
    a=M(a);x=M(x)
    tiny=M(10)**-80
    b=x+1-a;c=1/tiny;d=1/b;h=d
    i=1
    while True:
        an=-i*(i-a);b+=2
        d=an*d+b
        if d==0:d=tiny
        c=b+an/c
        if c==0:c=tiny
        d=1/d;de=d*c;h*=de
        if abs(de-1)<M(10)**-42:break
        i+=1
    return h*mp.exp(a*mp.log(x)-x-mp.loggamma(a))
def PQ(a,x):
    if x<a+1:
        p=Pser(a,x);return p,1-p
    q=Qcf(a,x);return 1-q,q
from math import sqrt
zs=[-7,-5,-2,-.5,0,.3,1,3,5,7.2]
for a in [.5,1,1.5,3.25,9.5,20,59.5,60.5,100,199.5,250,1000,12345.5,1e5,1e6]:
    xs=set()
    for z in zs:
        # Wilson-Hilferty gives x for about that z
        w=1-1/(9*a)+z/(3*sqrt(a))
        x=float(a*w**3) if w>0 else float(sc.gammaincinv(a,10.0**-(abs(z)*1.7)))
        if x>0: xs.add(x)
    for x in sorted(xs):
        p,q=PQ(a,x)
        add('gamma_p',a,0,x,p,sc.gammainc(a,x)); add('gamma_q',a,0,x,q,sc.gammaincc(a,x))
for a in [.5,1,1.5,3,10,28.5,100,199.5,300,1000,1e5,1e6]:
    for p in [1e-12,1e-6,.001,.025,.3,.5,.9]:
        for low in (True,False):
            x0=sc.gammaincinv(a,p) if low else sc.gammainccinv(a,p)
            x=M(float(x0))
            for _ in range(12):
                Pv,Qv=PQ(a,x)
                dens=mp.exp((a-1)*mp.log(x)-x-mp.loggamma(a))
                step=(Pv-M(p))/dens if low else (M(p)-Qv)/dens
                xn=x-step
                if xn<=0: xn=x/2
                if abs(xn-x)<x*M(10)**-30: x=xn;break
                x=xn
            add('gamma_p_inverse' if low else 'gamma_q_inverse',a,0,p,x,x0)
def Ibeta(a,b,x):
    a,b,x=M(a),M(b),M(x)
    def ser(a,b,x):
        # the continued fraction of Abramowitz and Stegun 26.5.8, modified Lentz in 60 digits
        tiny=M(10)**-80
        c=M(1);d=1-(a+b)*x/(a+1)
        if d==0:d=tiny
        d=1/d;h=d;m=1
        while True:
            e=m*(b-m)*x/((a+2*m-1)*(a+2*m))
            d=1+e*d;c=1+e/c
            if d==0:d=tiny
            if c==0:c=tiny
            d=1/d;h*=d*c
            e=-(a+m)*(a+b+m)*x/((a+2*m)*(a+2*m+1))
            d=1+e*d;c=1+e/c
            if d==0:d=tiny
            if c==0:c=tiny
            d=1/d;de=d*c;h*=de
            if abs(de-1)<M(10)**-42:break
            m+=1
        lb=mp.loggamma(a)+mp.loggamma(b)-mp.loggamma(a+b)
        return h*mp.exp(a*mp.log(x)+b*mp.log1p(-x)-lb)/a
    if x<(a+1)/(a+b+2):
        p=ser(a,b,x);return p,1-p
    q=ser(b,a,1-x);return 1-q,q
mp.mp.dps=60
for a,b in [(.5,.5),(1,1),(.5,3),(2,8),(10,3),(40.5,40.5),(5,500),(300,700),(1e4,3e4),(1e5,.5),(1e6,1e6),(2,1e6),(1e6,5e5)]:
    m=a/(a+b); s=sqrt(a*b/((a+b)**2*(a+b+1)))
    for z in [-7,-4,-1,0,.5,2,5,7]:
        x=m+z*s
        if not 0<x<1: x=float(sc.betaincinv(a,b,{-7:1e-12,-4:1e-5,-1:.1,0:.5,.5:.7,2:.98,5:1-1e-7,7:1-1e-12}[z]))
        if not 0<x<1: continue
        p,q=Ibeta(a,b,x)
        add('beta_p',a,b,x,p,sc.betainc(a,b,x)); add('beta_q',a,b,x,q,sc.betaincc(a,b,x))
for a,b in [(.5,.5),(2,8),(10,3),(5,500),(300,700),(1e4,3e4),(2,1e6),(1e6,5e5)]:
    for p in [1e-12,1e-6,.025,.5,.9]:
        x0=float(sc.betaincinv(a,b,p)); x=M(x0)
        for _ in range(12):
            Pv,_q=Ibeta(a,b,x)
            lb=mp.loggamma(a)+mp.loggamma(b)-mp.loggamma(a+b)
            dens=mp.exp((a-1)*mp.log(x)+(b-1)*mp.log1p(-x)-lb)
            xn=x-(Pv-M(p))/dens
            if not 0<xn<1: xn=x/2
            if abs(xn-x)<x*M(10)**-30: x=xn;break
            x=xn
        add('beta_p_inverse',a,b,p,x,x0)
for x in [-37.5,-30,-20,-7.034483825301132,-5,-3.2,-1.96,-.5,-1e-5,0,.3,1,2.5758,6,8]:
    add('normal_cdf',0,0,x,mp.ncdf(M(x)),sc.ndtr(x)); add('normal_pdf',0,0,x,mp.npdf(M(x)),st.norm.pdf(x))
for p in [1e-300,1e-100,1e-20,1e-12,1e-6,.001,.025,.1,.3,.49,.4999999,.50001,.7,.9,.975,.999,.999999]:
    z0=float(sc.ndtri(p))
    z=M(z0)
    for _ in range(8):
        z-= (mp.ncdf(z)-M(p))/mp.npdf(z)
    add('normal_quantile',0,0,p,z,z0)
for x in [1e-8,.1,.5,.9,1.1,1.5,1.999,2.001,2.5,5.5,9.99,10,33.3,170,1e3,1e6,1e12]:
    add('log_gamma',0,0,x,mp.loggamma(M(x)),sc.gammaln(x))
for mu in [.01,.7,3,10,47.5,1000,1e6]:
    for z in [-6,-2,0,1,6]:
        k=max(0,round(mu+z*sqrt(mu)))
        add('poisson_pmf',0,mu,k,mp.exp(k*mp.log(M(mu))-M(mu)-mp.loggamma(k+1)),st.poisson.pmf(k,mu))
        p,q=PQ(k+1,mu)
        add('poisson_cdf',0,mu,k,q,st.poisson.cdf(k,mu))
for n,p in [(1,.3),(10,.5),(17,.02),(100,.97),(1000,.25),(1000000,.001),(2000000,.5)]:
    sd=sqrt(n*p*(1-p))
    for z in [-6,-2,0,1,6]:
        k=min(n,max(0,round(n*p+z*sd)))
        add('binomial_pmf',n,p,k,mp.exp(mp.loggamma(n+1)-mp.loggamma(k+1)-mp.loggamma(n-k+1)+k*mp.log(M(p))+(n-k)*mp.log1p(-M(p))),st.binom.pmf(k,n,p))
        c=M(1) if k==n else Ibeta(k+1,n-k,p)[1]
        add('binomial_cdf',n,p,k,c,st.binom.cdf(k,n,p))
for df in [1,2,3.5,10,34,500]:
    for p in [1e-12,.001,.025,.3,.975]:
        t0=float(st.t.ppf(p,df)); t=M(t0)
        def tcdf(t):
            x=df/(df+t*t); v=Ibeta(M(df)/2,M(.5),x)[0]/2
            return v if t<0 else 1-v
        for _ in range(8):
            dens=mp.gamma(M(df+1)/2)/mp.gamma(M(df)/2)/mp.sqrt(M(df)*mp.pi)*(1+t*t/df)**(-M(df+1)/2)
            t-=(tcdf(t)-M(p))/dens
        add('student_quantile',df,0,p,t,t0)
    for t in [-8,-2,-.1,.5,4]:
        x=M(df)/(M(df)+M(t)**2); v=Ibeta(M(df)/2,M(.5),x)[0]/2
        add('student_cdf',df,0,t,v if t<0 else 1-v,st.t.cdf(t,df))
worst={}
out=[]
for r in rows:
    t=float(r[4]); e=abs(float((M(float(r[5]))-r[4])/r[4])) if r[4] else abs(float(r[5]))
    if r[5]!=r[5] or e>worst.get(r[0],(0,))[0]: worst[r[0]]=(e,r[1:4])
    out.append(f"{r[0]},{float(r[1])!r},{float(r[2])!r},{float(r[3])!r},{t!r},{float(r[5])!r}")
for k,v in worst.items(): print(k,v)
import sys
hdr=[f"# Special functions on a grid. reference = mpmath {mp.__version__} with 60 digits, rounded to the nearest double; scipy = scipy {scipy.__version__}, for comparison.",
"# command: python special_grid.py special.csv (mpmath series and continued fractions; scipy.special, scipy.stats)",
f"# date: 2026-11-24; {len(out)} rows; p or x is in column x; gamma: a; beta: a, b; poisson: b = mean, x = count; binomial: a = trials, b = probability, x = count; student: a = degrees of freedom",
"# scipy's own greatest relative distance from the reference: "+"; ".join(f"{k} {v[0]:.0e}" for k,v in worst.items())]
open(sys.argv[1],'w').write("\n".join(hdr)+"\nfunction,a,b,x,reference,scipy\n"+"\n".join(out)+"\n")
print(len(out))
