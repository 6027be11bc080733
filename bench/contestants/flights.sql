-- examples/flights typed into DuckDB by hand: the same files, checks, models and tests, nothing around them.
-- load
copy (select *, strftime(date, '%Y-%m') as month from read_parquet('$flights'))
  to '$out/raw/flights' (format parquet, compression zstd, partition_by (month));
copy (select * from read_csv('$airports')) to '$out/raw/airports.parquet' (format parquet);
create schema raw;
create view raw.flights as select * from read_parquet('$out/raw/flights/**/*.parquet', hive_partitioning = true, hive_types = {'month': varchar});
create view raw.airports as select * from read_parquet('$out/raw/airports.parquet');
-- nine checks
create table checks as select count(*) between 2900000 and 3100000 as a, count(*) filter (where date is null) = 0 as b,
  count(*) filter (where delay is null) = 0 as c, avg((delay between -60 and 720)::int) >= 0.999 as d,
  count(*) filter (where distance not between 20 and 5000) = 0 as e,
  count(*) filter (where not regexp_matches(origin, '^[A-Z]{3}$')) = 0 as f,
  count(*) filter (where not regexp_matches(destination, '^[A-Z]{3}$')) = 0 as g,
  avg((month in ('2001-01', '2001-02', '2001-03', '2001-04', '2001-05', '2001-06'))::int) >= 0.99999 as h
from raw.flights;
-- the frame
copy (
  select month, origin, count(*) as flights, avg(delay) as mean_delay, max(delay) as worst_delay from raw.flights
  where delay between -120 and 1800 group by month, origin
) to '$out/batch-views' (format parquet, partition_by (month));
-- seven models
create view stg_airports as select iata, name as airport, city, state, latitude, longitude from raw.airports;
create view stg_flights as select date as departed_at, date::date as flight_date, hour(date) as departure_hour,
  dayofweek(date) as weekday_number, dayname(date) as weekday, delay as delay_minutes, delay >= 15 as is_late,
  distance as distance_miles, case when distance < 250 then '0 to 249' when distance < 750 then '250 to 749'
  when distance < 1500 then '750 to 1499' else '1500 and more' end as distance_band, origin, destination, month
from raw.flights where delay between -120 and 1800;
create table delay_by_airport as select flights.origin as iata, airports.airport, airports.city, airports.state,
  count(*) as departures, round(avg(flights.delay_minutes), 2) as mean_delay,
  median(flights.delay_minutes) as median_delay, round(100.0 * avg(flights.is_late::integer), 1) as late_percent
from stg_flights as flights join stg_airports as airports on airports.iata = flights.origin group by all;
create table delay_by_distance as select distance_band, min(distance_miles) as from_miles, count(*) as flights,
  round(avg(delay_minutes), 2) as mean_delay, round(100.0 * avg(is_late::integer), 1) as late_percent
from stg_flights group by distance_band;
create table delay_by_hour as select weekday_number, weekday, departure_hour, count(*) as flights,
  round(avg(delay_minutes), 2) as mean_delay, round(100.0 * avg(is_late::integer), 1) as late_percent
from stg_flights group by all;
create table delay_by_route as select flights.origin, flights.destination, origins.city as origin_city,
  destinations.city as destination_city, count(*) as flights, round(avg(flights.delay_minutes), 2) as mean_delay,
  round(100.0 * avg(flights.is_late::integer), 1) as late_percent
from stg_flights as flights join stg_airports as origins on origins.iata = flights.origin
join stg_airports as destinations on destinations.iata = flights.destination group by all;
create table worst_days as select flight_date, any_value(weekday) as weekday, count(*) as flights,
  round(avg(delay_minutes), 2) as mean_delay, round(100.0 * avg(is_late::integer), 1) as late_percent
from stg_flights group by flight_date having count(*) >= 1000 order by mean_delay desc;
-- five tests and six closing checks
insert into checks select (select count(*) from delay_by_route where flights is null) = 0,
  (select count(*) from delay_by_airport where iata is null) = 0,
  not exists (select 1 from delay_by_airport group by iata having count(*) > 1),
  (select count(*) from worst_days where flight_date is null) = 0,
  not exists (select 1 from worst_days group by flight_date having count(*) > 1),
  (select count(*) from worst_days) between 150 and 182,
  (select count(*) >= 1000 and count(*) filter (where origin_city is null or late_percent not between 0 and 100) = 0
   from delay_by_route),
  not exists (select 1 from delay_by_route group by origin, destination having count(*) > 1);
