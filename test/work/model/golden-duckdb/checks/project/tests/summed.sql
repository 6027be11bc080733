{{ config(fail_calc='sum(amount)', store_failures=true, alias='sum_kept', schema='audits') }}
select amount from {{ ref('points_model') }} where amount > 0
