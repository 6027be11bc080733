{{ config(access='private', persist_docs={'relation': true, 'columns': true}) }}
select customer_id, revenue * 0.2 as margin from {{ ref('revenue') }}
