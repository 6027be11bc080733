-- The busy routes on which patience was needed most in the first half of 2001.
select origin_city || ' – ' || destination_city as route, flights, mean_delay, late_percent
from main.delay_by_route
where flights >= 1000
order by mean_delay desc
limit 8
