#pragma once

namespace pith {

// How many cores of a common server of 2023 (AMD Zen 4) all threads together are worth at the
// moment, at work such as reading text: hashing, branches and memory. Takes about `seconds`; other
// programs that run meanwhile make it less. For guesses before anything was measured, such as how
// much of an input there is time to read.
double machine_speed(int threads, double seconds = 0.1);

}  // namespace pith
