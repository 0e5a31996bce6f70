#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "pith/curate/ingest/encoding.h"

// The labels that pages use and the encodings they mean: encoding.spec.whatwg.org, section 4.2.
namespace pith {
namespace {

struct Encoding {
  std::string_view name;
  std::string_view labels;  // separated by spaces, with one before and behind each
};

constexpr Encoding kEncodings[] = {
    {"utf-8", " utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 "},
    {"gb18030",
     " gb18030 gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk "
     "cp936 ms936 windows-936 euc-cn hz-gb-2312 "},
    {"big5", " big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 "},
    {"shift_jis", " shift_jis shift-jis sjis csshiftjis ms932 ms_kanji windows-31j x-sjis cp932 "},
    {"euc-jp", " euc-jp x-euc-jp cseucpkdfmtjapanese eucjp "},
    {"iso-2022-jp", " iso-2022-jp csiso2022jp "},
    {"euc-kr",
     " euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
     "ksc_5601 windows-949 cp949 euckr "},
    {"windows-1252",
     " windows-1252 iso-8859-1 latin1 l1 ascii us-ascii ansi_x3.4-1968 cp1252 cp819 csisolatin1 "
     "ibm819 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 x-cp1252 "},
    {"windows-1250", " windows-1250 cp1250 x-cp1250 "},
    {"windows-1251", " windows-1251 cp1251 x-cp1251 win-1251 "},
    {"windows-1253", " windows-1253 cp1253 x-cp1253 "},
    {"windows-1254",
     " windows-1254 cp1254 x-cp1254 iso-8859-9 latin5 l5 csisolatin5 iso-ir-148 iso8859-9 "
     "iso88599 iso_8859-9 iso_8859-9:1989 "},
    {"windows-1255", " windows-1255 cp1255 x-cp1255 "},
    {"windows-1256", " windows-1256 cp1256 x-cp1256 "},
    {"windows-1257", " windows-1257 cp1257 x-cp1257 "},
    {"windows-1258", " windows-1258 cp1258 x-cp1258 "},
    {"windows-874", " windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 "},
    {"iso-8859-2",
     " iso-8859-2 latin2 l2 csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 "
     "iso_8859-2:1987 "},
    {"iso-8859-3",
     " iso-8859-3 latin3 l3 csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 "
     "iso_8859-3:1988 "},
    {"iso-8859-4",
     " iso-8859-4 latin4 l4 csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 "
     "iso_8859-4:1988 "},
    {"iso-8859-5",
     " iso-8859-5 cyrillic csisolatincyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988 "},
    {"iso-8859-6",
     " iso-8859-6 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 "},
    {"iso-8859-7",
     " iso-8859-7 greek greek8 csisolatingreek ecma-118 elot_928 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek "},
    {"iso-8859-8",
     " iso-8859-8 hebrew visual csiso88598e csisolatinhebrew iso-8859-8-e iso-ir-138 iso8859-8 "
     "iso88598 iso_8859-8 iso_8859-8:1988 csiso88598i iso-8859-8-i logical "},
    {"iso-8859-10", " iso-8859-10 csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6 "},
    {"iso-8859-13", " iso-8859-13 iso8859-13 iso885913 "},
    {"iso-8859-14", " iso-8859-14 iso8859-14 iso885914 "},
    {"iso-8859-15", " iso-8859-15 csisolatin9 iso8859-15 iso885915 iso_8859-15 l9 latin9 "},
    {"koi8-r", " koi8-r koi koi8 koi8_r cskoi8r "},
    {"koi8-u", " koi8-u koi8-ru "},
    {"ibm866", " ibm866 866 cp866 csibm866 "},
    {"macintosh", " macintosh mac x-mac-roman csmacintosh "},
    {"x-mac-cyrillic", " x-mac-cyrillic x-mac-ukrainian "},
    {"utf-16le", " utf-16le utf-16 ucs-2 unicode csunicode iso-10646-ucs-2 unicodefeff "},
    {"utf-16be", " utf-16be unicodefffe "},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string_view encoding_of_label(std::string_view label) {
  const auto odd = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!label.empty() && odd(label.front())) label.remove_prefix(1);
  while (!label.empty() && odd(label.back())) label.remove_suffix(1);
  if (label.empty() || label.size() > 40 || label.find(' ') != std::string_view::npos) return {};
  std::string key = " ";
  for (const char c : label) key.push_back(lower(c));
  key.push_back(' ');
  for (const Encoding& encoding : kEncodings) {
    if (encoding.labels.find(key) != std::string_view::npos) return encoding.name;
  }
  return {};
}

}  // namespace pith
