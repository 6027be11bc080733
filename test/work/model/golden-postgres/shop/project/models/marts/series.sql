select cast(generated_number as integer) as n from ({{ dbt.generate_series(5) }}) g
