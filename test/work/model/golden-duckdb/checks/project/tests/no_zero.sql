{{ config(severity='error', warn_if='>0', error_if='>10') }}
select * from {{ ref('points_model') }} where amount = 0
