{{ config(materialized='incremental', unique_key='order_id', on_schema_change='fail') }}
WITH source AS (
    SELECT order_id, customer_id, order_date, status, total_amount, currency, created_at, updated_at
    FROM {{ source('raw', 'orders') }}
    {% if is_incremental() %} WHERE updated_at >= (SELECT MAX(updated_at) FROM {{ this }}) {% endif %}
), cleaned AS (
    SELECT order_id, customer_id, order_date::DATE as order_date, UPPER(status) as status,
        CASE WHEN currency = 'USD' THEN total_amount WHEN currency = 'EUR' THEN total_amount * 1.1 ELSE total_amount * 1.0 END as amount_usd,
        created_at, updated_at, CURRENT_TIMESTAMP as dbt_inserted_at
    FROM source WHERE total_amount > 0 AND status NOT IN ('CANCELLED', 'FRAUDULENT')
)
SELECT * FROM cleaned
