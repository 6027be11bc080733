{{ config(tags=['quick']) }}
select o.id from {{ ref('stg_orders') }} o left join {{ ref('stg_codes') }} c on c.code = 'a' where c.code is null and false
