select
    date as departed_at,
    date::date as flight_date,
    hour(date) as departure_hour,
    dayofweek(date) as weekday_number,
    dayname(date) as weekday,
    delay as delay_minutes,
    -- The usual definition of a late flight: fifteen minutes or more.
    delay >= 15 as is_late,
    distance as distance_miles,
    case when distance < 250 then '0 to 249' when distance < 750 then '250 to 749'
         when distance < 1500 then '750 to 1499' else '1500 and more' end as distance_band,
    origin,
    destination,
    month
from {{ source('raw', 'flights') }}
where delay between -120 and 1800
