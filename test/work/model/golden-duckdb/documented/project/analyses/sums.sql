{{ config(tags=['own'], meta={'k': 1}) }}
select sum("Amount") as total from {{ ref('as_table') }} where note <> '{{ var("who") }}'
