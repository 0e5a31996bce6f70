#include "pith/base/byte_stream.h"
