{{ config(fail_calc='sum(amount)', store_failures_as='ephemeral') }}
select amount from {{ ref('points_model') }} where amount > 1000
