# Paths relative to pith/curate.
set(SPAM_HEADERS
  spam/doorway.h
  spam/repeated_insertions.h
  spam/spam_cleaner.h
  spam/spam_cues.h
  spam/spam_lines.h
  spam/spam_tokens.h
  spam/word_pairs.h)
set(SPAM_SOURCES
  spam/doorway.cc
  spam/repeated_insertions.cc
  spam/spam_cleaner.cc
  spam/spam_cues.cc
  spam/spam_lines.cc
  spam/spam_tokens.cc
  spam/word_pairs.cc)
set(SPAM_TESTS)
