{{ config(schema='math') }}
select i as n, {{ tools.times('i') }} as many from range(3) t(i)
