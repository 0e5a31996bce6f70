# Paths relative to pith/curate.
set(EXTRACT_HEADERS
  extract/extract.h
  extract/html_tags.h
  extract/html_tokenizer.h
  extract/html_tree.h
  extract/page_text.h
  extract/text_blocks.h)
set(EXTRACT_SOURCES
  extract/extract.cc
  extract/html_decode.cc
  extract/html_tags.cc
  extract/html_tokenizer.cc
  extract/html_tree.cc
  extract/page_text.cc
  extract/text_blocks.cc)
set(EXTRACT_TESTS
  extract/html_tokenizer_test.cc)
