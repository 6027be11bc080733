{{ config(indexes=[{'columns': ['day'], 'unique': true}, {'columns': ['n', 'day'], 'type': 'btree'}], post_hook="insert into {{ target.schema }}.log select 'by_day ' || count(*) from {{ this }}") }}
select day, count(*) as n from {{ ref('eph') }} group by day
