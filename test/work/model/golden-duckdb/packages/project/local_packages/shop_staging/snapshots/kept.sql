{% snapshot kept_codes %}{{ config(strategy='check', unique_key='code', check_cols='all', updated_at="date '2024-01-01'") }}select * from {{ ref('codes') }}{% endsnapshot %}
