select
    flights.origin,
    flights.destination,
    origins.city as origin_city,
    destinations.city as destination_city,
    count(*) as flights,
    round(avg(flights.delay_minutes), 2) as mean_delay,
    round(100.0 * avg(flights.is_late::integer), 1) as late_percent
from {{ ref('stg_flights') }} as flights
join {{ ref('stg_airports') }} as origins on origins.iata = flights.origin
join {{ ref('stg_airports') }} as destinations on destinations.iata = flights.destination
group by all
