set(INGEST_HEADERS
  ingest/encoding.h
  ingest/raw_record.h
  ingest/reader.h)
set(INGEST_SOURCES)
set(INGEST_TESTS)
