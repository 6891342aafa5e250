"""The matching on Spark, with the rows that DuckDB finds, for lists that one machine does not hold.

docs/spark.md says what it takes and how a cluster is named.
"""

from fundledger.matching.spark.entry import (
    SparkMatching,
    load_on_spark,
    match_on_spark,
    start_spark,
)

__all__ = ["SparkMatching", "load_on_spark", "match_on_spark", "start_spark"]
