{{ dbt.date_spine('day', "cast('2024-02-27' as timestamp)", "cast('2024-03-02' as timestamp)") }}
