# Paths relative to pith/curate.
set(PRIVACY_HEADERS
  privacy/pii.h
  privacy/pii_finders.h)
set(PRIVACY_SOURCES
  privacy/pii.cc
  privacy/pii_email.cc
  privacy/pii_number.cc
  privacy/pii_phone.cc
  privacy/pii_secret.cc)
set(PRIVACY_TESTS
  privacy/pii_email_test.cc
  privacy/pii_number_test.cc
  privacy/pii_phone_test.cc
  privacy/pii_secret_test.cc
  privacy/pii_test.cc)
