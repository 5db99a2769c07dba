"""The well-known part of the generated channel: names, histories, dependencies.

One line a package::

    name | kind | history | dependencies [| run constraints]

kind      lib[:n]  compiled library; n: how many version parts its ABI is stable for
          ext      compiled for each Python
          py       noarch: python
          gen      noarch: generic
          tool     compiled program, nothing links to it
          r / rn   R package, compiled / noarch
history   ``1.2@1706 1.3@1801 ...`` (version @ yymm), ``/n``: patch releases of
          each;  or ``auto FIRST@yymm EVERY[/n]`` in days
deps      ``+name``: built against it, so pinned by its run_exports;
          others are as in a recipe;  ``?2401`` from then on, ``?-2401`` until then
"""

CORE = """
ca-certificates | gen | auto 2017.4.17@1704 75 |
tzdata | gen | 2020a@2007 2021a@2102 2021e@2111 2022a@2203 2022g@2212 2023c@2304 2024a@2402 2024b@2411 2025a@2501 2025b@2503 2025c@2512 |
libgcc-ng | lib | 7.2.0@1709 7.3.0@1806 8.2.0@1906 9.1.0@1907 9.2.0@1911 9.3.0@2007 11.1.0@2106 11.2.0@2109 12.1.0@2205 12.2.0@2210 13.1.0@2306 13.2.0@2309 14.1.0@2407 14.2.0@2410 15.1.0@2505 15.2.0@2509 | _libgcc_mutex 0.1 conda_forge, _openmp_mutex >=4.5
libgcc | lib | 14.1.0@2407 14.2.0@2410 15.1.0@2505 15.2.0@2509 | _libgcc_mutex 0.1 conda_forge, _openmp_mutex >=4.5
libgomp | lib | 7.3.0@1806 9.2.0@1911 9.3.0@2007 11.2.0@2109 12.2.0@2210 13.2.0@2309 14.2.0@2410 15.1.0@2505 15.2.0@2509 | _libgcc_mutex 0.1 conda_forge
libstdcxx-ng | lib | 7.2.0@1709 7.3.0@1806 8.2.0@1906 9.2.0@1911 9.3.0@2007 11.2.0@2109 12.2.0@2210 13.2.0@2309 14.2.0@2410 15.1.0@2505 15.2.0@2509 |
libstdcxx | lib | 14.1.0@2407 14.2.0@2410 15.1.0@2505 15.2.0@2509 | libgcc
libgfortran5 | lib | 9.3.0@2007 11.2.0@2109 12.2.0@2210 13.2.0@2309 14.2.0@2410 15.1.0@2505 15.2.0@2509 |
libgfortran-ng | lib | 7.2.0@1709 7.5.0@2004 9.3.0@2007 11.2.0@2109 12.2.0@2210 13.2.0@2309 14.2.0@2410 | libgfortran5?2007
libgfortran | lib | 14.1.0@2407 14.2.0@2410 15.1.0@2505 15.2.0@2509 | libgfortran5
llvm-openmp | lib | 8.0.1@1908 10.0.0@2004 12.0.1@2107 14.0.4@2206 16.0.6@2306 17.0.6@2312 18.1.8@2407 19.1.7@2501 20.1.8@2507 21.1.4@2510 | | openmp 99999
ld_impl_linux-64 | lib | 2.33.1@1911 2.35.1@2010 2.36.1@2109 2.39@2209 2.40@2303 2.43@2411 2.44@2504 2.45@2509 | | binutils_impl_linux-64 <0
libzlib | lib:2 | 1.2.11@1703 1.2.12@2205 1.2.13@2210 1.3.1@2406 | | zlib <99
zlib | lib:2 | 1.2.11@1703 1.2.12@2205 1.2.13@2210 1.3.1@2406 | +libzlib
bzip2 | lib:1 | 1.0.6@1701 1.0.8@1911 |
libexpat | lib:1 | 2.5.0@2302 2.6.2@2403 2.6.4@2411 2.7.0@2503 2.7.3@2509 |
expat | lib:1 | 2.2.5@1711 2.2.9@1910 2.4.8@2204 2.5.0@2302 2.6.4@2411 2.7.3@2509 | +libexpat?2302
libffi | lib:2 | 3.2.1@1701 3.3@2009 3.4.2@2111 3.4.6@2410 3.5.2@2510 |
xz | lib:1 | 5.2.3@1709 5.2.4@1808 5.2.5@2004 5.2.6@2208 5.6.3@2411 5.8.1@2504 |
liblzma | lib:1 | 5.6.3@2411 5.8.1@2504 5.8.2@2601 | | xz 5
libsqlite | lib:1 | 3.39.2@2207 3.40.0@2211 3.42.0@2305 3.44.2@2311 3.45.3@2404 3.46.0@2405 3.47.2@2412 3.49.1@2502 3.50.4@2507 3.51.0@2511 | +libzlib
sqlite | lib:1 | 3.20.1@1709 3.26.0@1902 3.30.1@1911 3.32.3@2006 3.35.5@2104 3.37.1@2201 3.39.2@2207 3.45.3@2404 3.47.2@2412 3.50.4@2507 | +libzlib, +ncurses, +readline, +libsqlite?2207
libuuid | lib:1 | 2.32.1@1809 2.38.1@2306 2.41.2@2509 |
libnsl | lib:2 | 2.0.0@2202 2.0.1@2311 |
libxcrypt | lib:1 | 4.4.36@2310 |
ncurses | lib:1 | 5.9@1701 6.1@1805 6.2@2006 6.3@2204 6.4@2306 6.5@2408 |
readline | lib:1 | 6.2@1701 7.0@1801 8.0@1909 8.1@2103 8.2@2210 | +ncurses
tk | lib:2 | 8.6.8@1810 8.6.10@2003 8.6.11@2108 8.6.12@2202 8.6.13@2309 | +libzlib
openssl | lib:1 | 1.0.2n@1712 1.0.2r@1903 1.1.1d@1911 1.1.1k@2104 1.1.1l@2109 1.1.1o@2205 1.1.1q@2207 3.0.5@2209 3.0.7@2211 3.1.0@2303 3.1.4@2310 3.2.0@2311 3.2.1@2401 3.3.0@2404 3.3.2@2409 3.4.0@2411 3.4.1@2502 3.5.0@2504 3.5.4@2510 3.6.0@2512 | ca-certificates
zstd | lib:2 | 1.3.3@1801 1.4.4@1911 1.4.9@2104 1.5.0@2105 1.5.2@2202 1.5.5@2306 1.5.6@2407 1.5.7@2503 | +libzlib
lz4-c | lib:3 | 1.8.1@1803 1.9.2@1911 1.9.3@2101 1.9.4@2301 1.10.0@2411 |
snappy | lib:2 | 1.1.7@1710 1.1.8@2005 1.1.9@2204 1.1.10@2306 1.2.1@2410 1.2.2@2507 |
icu | lib:1 | 58.2@1709 64.2@1910 67.1@2006 68.1@2102 69.1@2110 70.1@2204 72.1@2303 73.2@2308 75.1@2410 78.1@2601 |
libxml2 | lib:2 | 2.9.8@1805 2.9.10@1911 2.9.12@2109 2.9.14@2205 2.10.3@2212 2.11.5@2310 2.12.7@2407 2.13.5@2412 2.14.5@2510 2.15.1@2601 | +icu, +libiconv, +xz?-2411, +liblzma?2411, +libzlib
libxslt | lib:1 | 1.1.33@1907 1.1.35@2201 1.1.37@2302 1.1.39@2311 1.1.43@2508 | +libxml2
libiconv | lib:1 | 1.15@1709 1.16@2009 1.17@2211 1.18@2504 |
gettext | lib:1 | 0.19.8.1@1709 0.21.1@2303 0.22.5@2405 0.25.1@2507 |
pcre2 | lib:2 | 10.35@2102 10.37@2109 10.40@2206 10.42@2311 10.44@2411 10.45@2506 10.46@2510 | +bzip2, +libzlib
libglib | lib:1 | 2.66.7@2102 2.70.2@2112 2.74.1@2211 2.76.4@2307 2.78.4@2402 2.80.3@2407 2.82.2@2411 2.84.3@2507 2.86.1@2511 | +gettext?-2405, +libffi, +libiconv, +libzlib, +pcre2
libcurl | lib:1 | 7.61.0@1808 7.68.0@2001 7.71.1@2007 7.76.1@2104 7.81.0@2201 7.86.0@2211 8.0.1@2303 8.5.0@2312 8.8.0@2407 8.11.1@2412 8.14.1@2507 8.17.0@2511 | +krb5, +libssh2, +libzlib, +openssl, +libnghttp2?2007, +zstd?2311
curl | tool | 7.61.0@1808 7.71.1@2007 7.86.0@2211 8.5.0@2312 8.11.1@2412 8.14.1@2507 8.17.0@2511 | +libcurl, +openssl
krb5 | lib:2 | 1.16.1@1807 1.17.1@2004 1.19.2@2108 1.19.3@2205 1.20.1@2211 1.21.3@2407 | +libedit?2004, +openssl, keyutils >=1.6.1,<2.0a0?2201
keyutils | lib:1 | 1.6.1@2112 1.6.3@2507 |
libedit | lib:2 | 3.1.20170329@1710 3.1.20191231@2005 3.1.20250104@2503 | +ncurses
libssh2 | lib:1 | 1.8.0@1801 1.9.0@2009 1.10.0@2109 1.11.0@2307 1.11.1@2502 | +openssl
libnghttp2 | lib:1 | 1.41.0@2006 1.47.0@2203 1.52.0@2304 1.58.0@2312 1.64.0@2412 1.67.0@2510 | +openssl, +libev?2203
libev | lib:2 | 4.33@2007 |
c-ares | lib:2 | 1.16.1@2006 1.18.1@2111 1.21.0@2311 1.28.1@2404 1.34.5@2503 |
libpng | lib:2 | 1.6.34@1801 1.6.37@1904 1.6.38@2209 1.6.39@2212 1.6.43@2403 1.6.47@2503 1.6.50@2509 | +libzlib
jpeg | lib:1 | 9b@1709 9c@1901 9d@2006 9e@2202 |
libjpeg-turbo | lib:1 | 2.1.4@2211 2.1.5.1@2308 3.0.0@2310 3.1.0@2502 3.1.2@2510 | | jpeg <0.0.0a
libdeflate | lib:2 | 1.7@2105 1.10@2203 1.14@2211 1.18@2305 1.19@2310 1.20@2404 1.22@2411 1.23@2502 1.24@2506 1.25@2511 |
lerc | lib:1 | 2.2.1@2105 3.0@2111 4.0.0@2209 |
jbig | lib:1 | 2.1@2105 |
libtiff | lib:2 | 4.0.9@1803 4.0.10@1904 4.1.0@2005 4.2.0@2103 4.3.0@2107 4.4.0@2208 4.5.1@2307 4.6.0@2310 4.7.0@2412 4.7.1@2510 | +jpeg?-2301, +libjpeg-turbo?2301, +libdeflate?2105, +lerc?2105, +libwebp-base, +libzlib, +xz?-2411, +liblzma?2411, +zstd
libwebp-base | lib:1 | 1.0.2@1907 1.1.0@2002 1.2.2@2202 1.2.4@2208 1.3.2@2309 1.4.0@2404 1.5.0@2501 1.6.0@2508 |
giflib | lib:2 | 5.1.4@1808 5.2.1@1911 5.2.2@2404 |
libwebp | lib:1 | 1.0.2@1907 1.2.2@2202 1.3.2@2309 1.4.0@2404 1.5.0@2501 1.6.0@2508 | +giflib, +jpeg?-2301, +libjpeg-turbo?2301, +libpng, +libtiff, +libwebp-base
freetype | lib:1 | 2.8.1@1710 2.9.1@1810 2.10.4@2010 2.12.1@2210 2.13.3@2502 2.14.1@2509 | +libpng, +libzlib
fontconfig | lib:1 | 2.12.6@1711 2.13.1@1810 2.13.94@2201 2.14.2@2302 2.15.0@2410 | +freetype, +libexpat?2302, +expat?-2302, +libuuid, +libzlib
lcms2 | lib:1 | 2.9@1805 2.11@2006 2.12@2102 2.14@2212 2.15@2305 2.16@2401 2.17@2502 | +jpeg?-2301, +libjpeg-turbo?2301, +libtiff
openjpeg | lib:1 | 2.3.1@1906 2.4.0@2102 2.5.0@2207 2.5.2@2402 2.5.3@2501 2.5.4@2509 | +libpng, +libtiff, +libzlib
xorg-libxau | lib:1 | 1.0.8@1709 1.0.9@1907 1.0.11@2306 1.0.12@2412 |
xorg-libxdmcp | lib:1 | 1.1.2@1709 1.1.3@1907 1.1.5@2412 |
libxcb | lib:2 | 1.13@1804 1.14@2109 1.15@2306 1.16@2406 1.17.0@2410 | +xorg-libxau, +xorg-libxdmcp
xorg-libx11 | lib:1 | 1.6.7@1810 1.6.12@2009 1.7.2@2107 1.8.4@2303 1.8.9@2404 1.8.12@2503 | +libxcb
xorg-libxext | lib:1 | 1.3.3@1709 1.3.4@1907 1.3.6@2410 | +xorg-libx11
xorg-libxrender | lib:2 | 0.9.10@1709 0.9.11@2306 0.9.12@2501 | +xorg-libx11
pixman | lib:1 | 0.34.0@1709 0.38.0@1903 0.40.0@2005 0.42.2@2311 0.44.2@2501 0.46.4@2508 |
cairo | lib:1 | 1.14.12@1803 1.16.0@1902 1.18.0@2310 1.18.4@2504 | +fontconfig, +freetype, +libglib, +libpng, +libxcb, +libzlib, +pixman, +xorg-libx11, +icu
graphite2 | lib:1 | 1.3.13@1904 1.3.14@2410 |
harfbuzz | lib:1 | 1.9.0@1809 2.4.0@1904 2.7.2@2009 3.1.1@2111 5.3.0@2210 6.0.0@2301 7.3.0@2305 8.3.0@2311 8.5.0@2405 9.0.0@2407 10.1.0@2412 11.4.5@2508 12.2.0@2511 | +cairo, +freetype, +graphite2, +icu, +libglib
fribidi | lib:1 | 1.0.9@2003 1.0.10@2010 1.0.16@2506 |
pango | lib:1 | 1.40.14@1801 1.42.4@1810 1.48.10@2109 1.50.14@2303 1.54.0@2407 1.56.4@2507 | +cairo, +fontconfig, +freetype, +fribidi, +harfbuzz, +libglib, +libpng
libopenblas | lib:1 | 0.3.7@1909 0.3.10@2007 0.3.12@2011 0.3.15@2105 0.3.18@2110 0.3.20@2203 0.3.21@2208 0.3.23@2305 0.3.25@2312 0.3.27@2405 0.3.28@2410 0.3.29@2502 0.3.30@2508 | libgfortran-ng?-2407, libgfortran?2407, libgfortran5 >=9.3.0?2007 | openblas <99
tbb | lib:1 | 2018_20171205@1803 2020.2@2007 2021.5.0@2112 2021.7.0@2210 2021.11.0@2312 2021.13.0@2407 2022.0.0@2410 2022.2.0@2507 2022.3.0@2511 |
mkl | lib:1 | 2018.0.3@1807 2019.4@1908 2020.2@2009 2021.4.0@2110 2022.1.0@2205 2022.2.1@2211 2023.1.0@2305 2023.2.0@2308 2024.1.0@2404 2024.2.2@2410 2025.0.0@2411 2025.3.0@2510 | tbb, llvm-openmp, _openmp_mutex * *_llvm?2009
gmp | lib:1 | 6.1.2@1709 6.2.0@2004 6.2.1@2101 6.3.0@2311 |
mpfr | lib:1 | 4.0.2@1910 4.1.0@2103 4.2.0@2302 4.2.1@2308 | +gmp
gsl | lib:1 | 2.4@1801 2.5@1906 2.6@1910 2.7@2106 2.8@2406 | libblas >=3.8.0,<4.0a0, libcblas >=3.8.0,<4.0a0
fftw | lib:1 | 3.3.8@1806 3.3.10@2109 |
libuv | lib:1 | 1.40.0@2010 1.43.0@2201 1.44.2@2207 1.46.0@2308 1.48.0@2402 1.50.0@2501 1.51.0@2505 |
libabseil | lib:1 | 20220623.0@2209 20230125.3@2306 20230802.1@2309 20240116.2@2404 20240722.0@2410 20250127.1@2503 20250512.1@2507 20260107.0@2602 |
libprotobuf | lib:3 | 3.6.1@1810 3.9.1@1909 3.11.4@2002 3.13.0@2009 3.15.8@2105 3.18.1@2110 3.20.1@2206 3.21.12@2301 4.23.4@2310 4.25.1@2401 4.25.3@2404 5.27.5@2410 5.28.2@2411 5.29.3@2503 6.31.1@2509 6.33.2@2602 | +libabseil?2310, +libzlib
libgrpc | lib:2 | 1.51.1@2301 1.54.3@2307 1.59.3@2312 1.62.2@2405 1.65.5@2410 1.67.1@2412 1.71.0@2504 1.73.1@2510 1.78.0@2603 | +c-ares, +libabseil, +libprotobuf, +libzlib, +openssl, +re2
re2 | lib:1 | 2022.06.01@2207 2023.03.02@2304 2023.09.01@2312 2024.07.02@2409 2025.06.26@2507 2025.11.05@2512 | +libabseil?2309
libthrift | lib:3 | 0.18.1@2305 0.19.0@2311 0.20.0@2409 0.21.0@2412 0.22.0@2505 | +libzlib, +openssl
orc | lib:3 | 1.8.2@2302 1.9.0@2308 2.0.0@2404 2.0.2@2410 2.0.3@2412 2.1.1@2504 2.2.1@2511 | +libprotobuf, +libzlib, +lz4-c, +snappy, +zstd
aws-c-common | lib:3 | auto 0.8.5@2301 120 |
aws-c-io | lib:3 | auto 0.13.21@2301 110 | +aws-c-common, +openssl
aws-c-s3 | lib:3 | auto 0.2.9@2301 110 | +aws-c-common, +aws-c-io
aws-crt-cpp | lib:3 | auto 0.19.8@2301 100 | +aws-c-common, +aws-c-io, +aws-c-s3
aws-sdk-cpp | lib:3 | 1.10.57@2302 1.11.68@2308 1.11.210@2402 1.11.379@2409 1.11.458@2412 1.11.510@2504 1.11.606@2509 | +aws-c-common, +aws-crt-cpp, +libcurl, +libzlib, +openssl
utf8proc | lib:3 | 2.6.1@2103 2.8.0@2211 2.10.0@2501 2.11.0@2510 |
glog | lib:2 | 0.6.0@2205 0.7.0@2404 0.7.1@2406 |
gflags | lib:2 | 2.2.2@1812 |
libbrotlicommon | lib:2 | 1.0.9@2108 1.1.0@2309 1.2.0@2511 |
libbrotlidec | lib:2 | 1.0.9@2108 1.1.0@2309 1.2.0@2511 | +libbrotlicommon
libbrotlienc | lib:2 | 1.0.9@2108 1.1.0@2309 1.2.0@2511 | +libbrotlicommon
libarrow | lib:1 | 10.0.1@2301 11.0.0@2302 12.0.1@2306 13.0.0@2309 14.0.2@2401 15.0.2@2404 16.1.0@2406 17.0.0@2408 18.1.0@2412 19.0.1@2502 20.0.0@2505 21.0.0@2508 22.0.0@2511 23.0.0@2602 | +aws-crt-cpp, +aws-sdk-cpp, +bzip2, +glog, +libabseil, +libbrotlidec, +libbrotlienc, +libgrpc?2301, +libprotobuf, +libzlib, +lz4-c, +orc, +re2, +snappy, +utf8proc, +zstd, gflags >=2.2.2,<2.3.0a0 | apache-arrow-proc =*=cpu, parquet-cpp <0.0a0, arrow-cpp <0.0a0
libparquet | lib:1 | 14.0.2@2401 15.0.2@2404 16.1.0@2406 17.0.0@2408 18.1.0@2412 19.0.1@2502 20.0.0@2505 21.0.0@2508 22.0.0@2511 23.0.0@2602 | +libarrow, +libthrift, +openssl
apache-arrow-proc | gen | 5.0.0@2108 |
pyarrow-core | ext | 16.1.0@2406 17.0.0@2408 18.1.0@2412 19.0.1@2502 20.0.0@2505 21.0.0@2508 22.0.0@2511 23.0.0@2602 | +libarrow, +libzlib | numpy >=1.21,<3, apache-arrow-proc =*=cpu
pyarrow | ext | 10.0.1@2301 11.0.0@2302 12.0.1@2306 13.0.0@2309 14.0.2@2401 15.0.2@2404 16.1.0@2406 17.0.0@2408 18.1.0@2412 19.0.1@2502 20.0.0@2505 21.0.0@2508 22.0.0@2511 23.0.0@2602 | +libarrow, +libparquet?2401, +numpy, pyarrow-core?2406
boost-cpp | lib:3 | 1.66.0@1801 1.68.0@1810 1.70.0@1907 1.72.0@2001 1.74.0@2010 1.78.0@2203 1.84.0@2402 1.85.0@2405 | +bzip2, +icu, +libzlib, +xz?-2411, +zstd?2010
libboost | lib:3 | 1.82.0@2308 1.84.0@2401 1.86.0@2410 1.88.0@2507 1.90.0@2602 | +bzip2, +icu, +libzlib, +xz?-2411, +liblzma?2411, +zstd
geos | lib:3 | 3.6.2@1801 3.7.2@1908 3.8.1@2003 3.9.1@2102 3.10.3@2207 3.11.1@2212 3.11.2@2304 3.12.1@2312 3.13.0@2410 3.13.1@2503 3.14.1@2511 |
proj | lib:2 | 6.3.0@2001 7.0.0@2004 7.2.0@2011 8.0.1@2105 8.2.1@2201 9.0.1@2207 9.1.0@2211 9.2.1@2307 9.3.1@2401 9.4.1@2406 9.5.1@2412 9.6.2@2507 9.7.1@2512 | +libcurl, +libtiff, +sqlite, +libsqlite?2207 | proj4 ==999999999999
libspatialite | lib:2 | 4.3.0a@1801 5.0.1@2104 5.1.0@2308 | +geos, +libxml2, +libzlib, +proj, +sqlite, +librttopo?2104, +freexl
librttopo | lib:2 | 1.1.0@2104 | +geos
freexl | lib:1 | 1.0.5@1801 1.0.6@2102 2.0.0@2308 | +libexpat?2302
json-c | lib:2 | 0.13.1@1811 0.15@2010 0.16@2206 0.17@2309 0.18@2410 |
hdf4 | lib:3 | 4.2.13@1709 4.2.15@2111 | +libzlib
libaec | lib:1 | 1.0.6@2105 1.1.2@2310 1.1.4@2507 |
libxerces-c | lib:2 | 3.2.2@1906 3.2.4@2301 3.2.5@2401 3.3.0@2504 | +icu, +libcurl
xerces-c | lib:2 | 3.2.2@1906 3.2.4@2301 3.2.5@2401 | +icu, +libcurl
minizip | lib:1 | 4.0.1@2309 4.0.4@2402 4.0.7@2408 4.0.10@2507 | +bzip2, +libiconv, +libzlib, +openssl, +zstd
uriparser | lib:2 | 0.9.7@2301 0.9.8@2404 |
libkml | lib:2 | 1.3.0@1801 | +libboost?2308, +libexpat?2302, +uriparser?2301, +libzlib
libarchive | lib:2 | 3.3.3@1810 3.5.2@2109 3.6.2@2212 3.7.2@2310 3.7.4@2405 3.7.7@2411 3.8.1@2507 | +bzip2, +libxml2, +libzlib, +lz4-c, +xz?-2411, +liblzma?2411, +openssl, +zstd
poppler | lib:2 | 0.67.0@1809 0.87.0@2004 20.12.1@2012 21.11.0@2111 22.12.0@2212 23.05.0@2305 23.12.0@2312 24.04.0@2404 24.08.0@2409 24.12.0@2412 25.06.0@2507 | +cairo, +fontconfig, +freetype, +lcms2, +libcurl, +libglib, +libjpeg-turbo?2301, +libpng, +libtiff, +libzlib, +openjpeg
libpq | lib:2 | 11.4@1907 12.3@2006 13.5@2111 14.5@2209 15.3@2306 16.2@2403 16.4@2409 17.2@2412 17.4@2503 17.6@2509 18.1@2512 | +krb5, +openssl, +icu?2209
libnetcdf | lib:3 | 4.6.2@1902 4.7.4@2005 4.8.1@2109 4.9.1@2302 4.9.2@2308 4.9.3@2507 | +hdf5, +libcurl, +libxml2?2302, +libzlib, +bzip2, +zstd?2302
cfitsio | lib:2 | 3.430@1804 3.470@1909 4.0.0@2108 4.1.0@2204 4.2.0@2302 4.3.0@2309 4.4.1@2409 4.6.2@2506 | +bzip2, +libcurl, +libzlib
libgdal-core | lib:2 | 3.9.0@2405 3.9.3@2410 3.10.0@2411 3.10.2@2502 3.10.3@2504 3.11.0@2505 3.11.4@2509 3.12.1@2512 | +geos, +giflib, +json-c, +lerc, +libarchive, +libcurl, +libdeflate, +libexpat, +libiconv, +libjpeg-turbo, +libkml, +liblzma?2411, +libpng, +libspatialite, +libsqlite, +libtiff, +libwebp-base, +libxml2, +libzlib, +lz4-c, +openssl, +pcre2, +proj, +zstd | libgdal <0a0.x
libgdal | lib:2 | 2.4.1@1905 3.0.4@2003 3.1.4@2011 3.2.1@2101 3.3.2@2109 3.4.1@2201 3.5.3@2211 3.6.2@2301 3.6.4@2305 3.7.3@2311 3.8.4@2402 3.8.5@2404 | +cfitsio, +freexl, +geos, +giflib, +hdf4, +hdf5, +icu, +json-c, +libcurl, +libnetcdf, +libpng, +libpq, +libspatialite, +libtiff, +libwebp-base, +libxml2, +libzlib, +openssl, +poppler, +proj, +xerces-c, +zstd?2001
gdal | ext | 2.4.1@1905 3.0.4@2003 3.1.4@2011 3.2.1@2101 3.3.2@2109 3.4.1@2201 3.5.3@2211 3.6.2@2301 3.6.4@2305 3.7.3@2311 3.8.4@2402 3.9.3@2410 3.10.2@2502 3.10.3@2504 3.11.4@2509 3.12.1@2512 | +libgdal?-2405, +libgdal-core?2405, +numpy
fiona | ext | 1.8.4@1901 1.8.13@2004 1.8.20@2106 1.8.22@2210 1.9.1@2302 1.9.5@2311 1.9.6@2404 1.10.0@2409 1.10.1@2410 | attrs >=19.2.0, certifi, click >=8.0,<9.dev0?2302, click-plugins >=1.0, cligj >=0.5, +gdal, +libgdal?-2405, +libgdal-core?2405, munch, six, shapely
rasterio | ext | 1.0.13@1901 1.1.3@2003 1.2.10@2111 1.3.0@2207 1.3.4@2211 1.3.9@2312 1.3.10@2405 1.4.1@2410 1.4.3@2412 1.5.0@2601 | affine, attrs, certifi, click >=4, click-plugins, cligj >=0.5, +libgdal?-2405, +libgdal-core?2405, +numpy, +proj, setuptools >=0.9.8, snuggs >=1.4.1
shapely | ext | 1.6.4@1801 1.7.1@2010 1.8.2@2205 1.8.5@2210 2.0.1@2301 2.0.2@2310 2.0.4@2404 2.0.6@2408 2.1.1@2505 2.1.2@2509 | +geos, +numpy
pyproj | ext | 2.6.0@2003 3.0.1@2103 3.1.0@2105 3.3.0@2112 3.4.0@2209 3.4.1@2212 3.6.0@2306 3.6.1@2309 3.7.0@2410 3.7.1@2502 3.7.2@2508 | certifi, +proj
pyogrio | ext | 0.5.1@2301 0.7.2@2311 0.8.0@2405 0.9.0@2407 0.10.0@2411 0.11.0@2505 0.12.1@2511 | +gdal, +libgdal?-2405, +libgdal-core?2405, +numpy, packaging
geopandas-base | py | 0.9.0@2103 0.10.2@2110 0.12.1@2210 0.13.2@2306 0.14.3@2402 1.0.1@2407 1.1.1@2506 1.1.2@2512 | numpy >=1.22?2306, packaging, pandas >=1.4.0, pyproj >=3.0.1, shapely >=1.7
geopandas | py | 0.9.0@2103 0.10.2@2110 0.12.1@2210 0.13.2@2306 0.14.3@2402 1.0.1@2407 1.1.1@2506 1.1.2@2512 | fiona >=1.8?-2407, folium, geopandas-base =={v}, mapclassify >=2.4.0, matplotlib-base, pyogrio >=0.7.2?2407, rtree, xyzservices
rtree | ext | 0.9.4@2003 0.9.7@2011 1.0.1@2210 1.1.0@2311 1.3.0@2408 1.4.1@2508 | libspatialindex >=1.9.3
libspatialindex | lib:3 | 1.9.3@1911 2.0.0@2407 2.1.0@2502 |
mapclassify | py | 2.4.3@2107 2.5.0@2301 2.6.1@2312 2.8.1@2409 2.10.0@2507 | networkx, numpy >=1.3, pandas >=1.0, scikit-learn, scipy >=1.0
folium | py | auto 0.11.0@2005 200 | branca >=0.5.0, jinja2 >=2.9, numpy, requests, xyzservices?2304
branca | py | auto 0.4.1@2005 260 | jinja2
xyzservices | py | auto 2021.7@2107 120 |
cartopy | ext | 0.17.0@1811 0.18.0@2005 0.20.2@2201 0.21.1@2301 0.22.0@2308 0.23.0@2404 0.24.0@2410 0.25.0@2508 | +geos, matplotlib-base >=3.5, +numpy, packaging >=21, +proj, pyproj >=3.0.0, pyshp >=2.1, shapely >=1.7
pyshp | py | auto 2.1.0@1901 300 |
affine | py | 2.3.0@1901 2.4.0@2301 |
snuggs | py | 1.4.7@1909 | numpy, pyparsing >=2.1.6
cligj | py | 0.5.0@1811 0.7.2@2105 | click >=4.0
click-plugins | py | 1.1.1@1904 1.1.1.2@2506 | click >=3.0
munch | py | auto 2.3.2@1805 500 | six
pip | py | 9.0.1@1701 10.0.1@1805 18.1@1811 19.3.1@1911 20.0.2@2002 20.2.4@2010 21.0.1@2102 21.3.1@2111 22.0.4@2203 22.3.1@2211 23.0.1@2302 23.3.2@2312 24.0@2402 24.2@2408 24.3.1@2410 25.0.1@2502 25.2@2508 25.3@2511 | setuptools, wheel
setuptools | py | 40.0.0@1807 41.0.1@1904 46.1.3@2004 49.6.0@2008 58.0.4@2109 60.10.0@2203 65.5.1@2211 67.7.2@2304 68.2.2@2310 69.5.1@2404 70.3.0@2407 72.1.0@2408 75.6.0@2411 78.1.0@2503 80.9.0@2506 |
wheel | py | 0.30.0@1711 0.34.2@2002 0.36.2@2012 0.37.1@2112 0.38.4@2211 0.40.0@2303 0.42.0@2311 0.43.0@2403 0.44.0@2408 0.45.1@2411 |
numpy | ext | 1.14@1801/4 1.15@1807/4 1.16@1901/5 1.17@1907/4 1.18@1912/4 1.19@2006/4 1.20@2101/3 1.21@2106/5 1.22@2112/4 1.23@2206/4 1.24@2212/4 1.25@2306/2 1.26@2309/4 2.0@2406/2 2.1@2408/3 2.2@2412/5 2.3@2506/5 2.4@2512/2 | libblas >=3.8.0,<4.0a0?-2107, libblas >=3.9.0,<4.0a0?2107, libcblas >=3.8.0,<4.0a0?-2107, libcblas >=3.9.0,<4.0a0?2107, liblapack >=3.8.0,<4.0a0?-2107, liblapack >=3.9.0,<4.0a0?2107 | numpy-base <0a0
pandas | ext | 0.22@1801 0.23@1805/4 0.24@1901/2 0.25@1907/3 1.0@2001/5 1.1@2007/5 1.2@2012/5 1.3@2107/5 1.4@2201/4 1.5@2209/3 2.0@2304/3 2.1@2308/4 2.2@2401/3 2.3@2506/3 3.0@2601/1 | +numpy, python-dateutil >=2.8.1, pytz >=2020.1, python-tzdata >=2022.7?2304 | pyarrow >=10.0.1
scipy | ext | 1.0@1710/1 1.1@1805 1.2@1812/1 1.3@1905/2 1.4@1912/1 1.5@2006/3 1.6@2012/3 1.7@2106/3 1.8@2202/1 1.9@2207/3 1.10@2301/1 1.11@2306/4 1.12@2401 1.13@2404/1 1.14@2406/1 1.15@2501/2 1.16@2506/3 1.17@2601 | +numpy, libblas >=3.9.0,<4.0a0?2107, libcblas >=3.9.0,<4.0a0?2107, liblapack >=3.9.0,<4.0a0?2107, libgfortran-ng?-2407, libgfortran?2407, libgfortran5 >=9.3.0?2007
scikit-learn | ext | 0.19@1710/2 0.20@1809/3 0.21@1905/3 0.22@1912/2 0.23@2005/2 0.24@2012/2 1.0@2109/2 1.1@2205/3 1.2@2212/2 1.3@2307/2 1.4@2401/2 1.5@2405/2 1.6@2412/1 1.7@2506/2 1.8@2512 | joblib >=1.2.0?2212, joblib?-2212, +numpy, scipy, threadpoolctl >=2.0.0?2005, _openmp_mutex >=4.5?2006
scikit-image | ext | 0.14@1806 0.16@1910 0.17@2005 0.18@2012 0.19@2112/3 0.20@2303 0.21@2306 0.22@2310 0.24@2407 0.25@2412/2 0.26@2512 | imageio >=2.4.1, lazy_loader >=0.4?2303, networkx >=2.8, +numpy, packaging >=21, pillow >=9.1, scipy >=1.9?2303, tifffile >=2022.8.12
statsmodels | ext | 0.9@1805 0.10@1906 0.11@2001 0.12@2008 0.13@2110 0.14@2305/5 | +numpy, packaging >=21.3, pandas >=1.0, patsy >=0.5.2, scipy >=1.3
patsy | py | 0.5.1@1810 0.5.3@2210 0.5.6@2401 1.0.1@2411 1.0.2@2510 | numpy >=1.4.0, six
xarray | py | auto 0.10.0@1711 60 | numpy >=1.15, packaging >=20.0, pandas >=1.0 | dask-core >=2.30, scipy >=1.7
dask-core | py | auto 2.0.0@1906 35 | click >=8.0, cloudpickle >=1.5.0, fsspec >=0.6.0, packaging >=20.0, partd >=1.2.0, pyyaml >=5.3.1, toolz >=0.10.0, importlib_metadata >=4.13.0?2304
dask | py | auto 2.0.0@1906 35 | dask-core =={v}, bokeh >=2.4.2, distributed, numpy >=1.21, pandas >=1.3, jinja2 >=2.10.3
distributed | py | auto 2.0.0@1906 35 | click >=8.0, cloudpickle >=1.5.0, dask-core, jinja2 >=2.10.3, locket >=1.0.0, msgpack-python >=1.0.0, packaging >=20.0, psutil >=5.7.2, pyyaml >=5.3.1, sortedcontainers >=2.0.5, tblib >=1.6.0, toolz >=0.10.0, tornado >=6.0.4, urllib3 >=1.24.3, zict >=2.2.0
bokeh | py | auto 2.3.0@2103 45 | contourpy >=1?2212, jinja2 >=2.9, numpy >=1.16, packaging >=16.8, pandas >=1.2, pillow >=7.1.0, pyyaml >=3.10, tornado >=5.1, xyzservices >=2021.09.1
partd | py | auto 1.0.0@1906 400 | locket, toolz
locket | py | 0.2.0@1612 0.2.1@2012 1.0.0@2204 |
zict | py | 1.0.0@1909 2.0.0@2002 2.2.0@2204 3.0.0@2304 |
tblib | py | auto 1.4.0@1905 300 |
sortedcontainers | py | 2.1.0@1903 2.2.2@2006 2.4.0@2105 |
cloudpickle | py | auto 0.6.0@1810 170 |
fsspec | py | auto 0.6.0@1911 45 |
toolz | py | 0.9.0@1712 0.10.0@1907 0.11.1@2009 0.12.0@2207 0.12.1@2401 1.0.0@2410 1.1.0@2510 |
joblib | py | auto 0.11@1707 110 |
threadpoolctl | py | auto 2.0.0@1912 180 |
networkx | py | 2.2@1809 2.4@1910 2.5@2008 2.6.3@2109 2.8.8@2211 3.0@2301 3.1@2304 3.2.1@2310 3.3@2404 3.4.2@2410 3.5@2505 3.6@2511 |
imageio | py | auto 2.4.1@1809 70 | numpy, pillow >=8.3.2
tifffile | py | auto 2019.7.26@1907 45 | imagecodecs >=2018?-2104, numpy >=1.19.2
imagecodecs | ext | auto 2020.1.31@2002 160 | +numpy, +libtiff, +libpng, +lcms2, +zstd, +lz4-c
lazy_loader | py | 0.1@2302 0.2@2304 0.3@2307 0.4@2404 | packaging
pywavelets | ext | 1.0.3@1904 1.1.1@1911 1.3.0@2203 1.4.1@2210 1.5.0@2312 1.6.0@2404 1.7.0@2409 1.8.0@2412 1.9.0@2508 | +numpy
pillow | ext | auto 5.0.0@1801 95 | +freetype, +jpeg?-2301, +libjpeg-turbo?2301, +lcms2, +libtiff, +libwebp-base?1907, +libxcb, +libzlib, +openjpeg, +tk
matplotlib-base | ext | 2.1@1710/2 2.2@1803/3 3.0@1809/3 3.1@1905/3 3.2@2003/2 3.3@2007/4 3.4@2103/3 3.5@2111/3 3.6@2209/3 3.7@2302/3 3.8@2309/4 3.9@2405/4 3.10@2412/8 | certifi >=2020.06.20, contourpy >=1.0.1?2209, cycler >=0.10, fonttools >=4.22.0?2111, +freetype, kiwisolver >=1.0.1, +numpy, packaging >=20.0, pillow >=6.2.0, pyparsing >=2.3.1, python-dateutil >=2.7, +tk, +qhull?2111
matplotlib | ext | 2.1@1710/2 2.2@1803/3 3.0@1809/3 3.1@1905/3 3.2@2003/2 3.3@2007/4 3.4@2103/3 3.5@2111/3 3.6@2209/3 3.7@2302/3 3.8@2309/4 3.9@2405/4 3.10@2412/8 | matplotlib-base >={v}, pyqt >=5.10?-2501, pyside6 >=6.7.2?2501, tornado
contourpy | ext | auto 1.0.5@2209 130 | +numpy
kiwisolver | ext | 1.0.1@1801 1.1.0@1904 1.2.0@2004 1.3.1@2011 1.4.2@2203 1.4.4@2206 1.4.5@2308 1.4.7@2409 1.4.8@2412 1.4.9@2508 |
fonttools | ext | auto 4.25.0@2106 25 | brotli, munkres, unicodedata2?2212
munkres | py | 1.0.12@1711 1.1.4@2010 |
unicodedata2 | ext | auto 13.0.0@2106 200 |
brotli | lib | 1.0.9@2108 1.1.0@2309 1.2.0@2511 | +libbrotlidec, +libbrotlienc
cycler | py | 0.10.0@1703 0.11.0@2111 0.12.1@2310 |
pyparsing | py | auto 2.2.0@1703 100 |
qhull | lib:2 | 2020.2@2201 |
seaborn-base | py | 0.11.1@2012 0.11.2@2108 0.12.2@2212 0.13.0@2309 0.13.2@2401 | matplotlib-base >=3.1, numpy >=1.17, pandas >=0.25, scipy >=1.3
seaborn | py | 0.11.1@2012 0.11.2@2108 0.12.2@2212 0.13.0@2309 0.13.2@2401 | seaborn-base =={v}, statsmodels >=0.12
sympy | py | auto 1.1@1707 140 | mpmath >=0.19, gmpy2?2305
mpmath | py | 1.0.0@1711 1.1.0@1812 1.2.1@2102 1.3.0@2303 |
gmpy2 | ext | 2.0.8@1712 2.1.2@2201 2.1.5@2404 2.2.1@2407 2.3.0@2602 | +gmp, +mpfr, mpc >=1.1.0,<2.0a0
mpc | lib:1 | 1.1.0@1903 1.2.1@2104 1.3.1@2302 | +gmp, +mpfr
numba | ext | auto 0.40.0@1810 75 | llvmlite, +numpy, libgcc-ng?-2407 | cudatoolkit >=9.2, tbb 2021.*
llvmlite | ext | auto 0.25.0@1810 75 | +libzlib
cython | ext | auto 0.27@1710 55 |
cffi | ext | 1.11.5@1803 1.12.3@1904 1.13.2@1911 1.14.5@2102 1.15.0@2110 1.15.1@2207 1.16.0@2309 1.17.1@2409 2.0.0@2509 | +libffi, pycparser
pycparser | py | 2.18@1711 2.20@2004 2.21@2111 2.22@2404 |
cryptography | ext | auto 2.3@1808 45 | cffi >=1.12, +openssl
pyopenssl | py | auto 18.0.0@1806 160 | cryptography >=38.0.0?2211, cryptography?-2211
markupsafe | ext | 1.0@1801 1.1.1@1902 2.0.1@2106 2.1.1@2203 2.1.3@2306 2.1.5@2402 3.0.2@2410 3.0.3@2509 | | jinja2 >=3.0.0
jinja2 | py | 2.10@1711 2.10.3@1911 2.11.2@2004 2.11.3@2102 3.0.1@2106 3.0.3@2111 3.1.2@2205 3.1.3@2401 3.1.4@2405 3.1.5@2412 3.1.6@2503 | markupsafe >=2.0?2106, markupsafe?-2106
pyyaml | ext | 3.12@1711 5.1@1903 5.3.1@2003 5.4.1@2101 6.0@2110 6.0.1@2307 6.0.2@2408 6.0.3@2509 | +yaml
yaml | lib:2 | 0.1.7@1801 0.2.5@2010 |
requests | py | 2.18.4@1711 2.20.0@1810 2.22.0@1905 2.23.0@2003 2.24.0@2006 2.25.1@2012 2.26.0@2108 2.27.1@2201 2.28.1@2207 2.28.2@2301 2.31.0@2305 2.32.2@2405 2.32.3@2406 2.32.4@2506 2.32.5@2508 | certifi >=2017.4.17, chardet >=3.0.2,<5?-2107, charset-normalizer >=2,<4?2107, idna >=2.5,<4, urllib3 >=1.21.1,<1.27?-2305, urllib3 >=1.21.1,<3?2305 | chardet >=3.0.2,<6
urllib3 | py | 1.22@1710 1.24.1@1811 1.25.9@2004 1.26.2@2011 1.26.8@2201 1.26.15@2303 1.26.18@2310 2.0.2@2305 2.0.7@2310 2.1.0@2311 2.2.1@2402 2.2.2@2406 2.2.3@2409 2.3.0@2412 2.5.0@2506 2.6.0@2512 | brotli-python >=1.0.9?2008, pysocks >=1.5.6,<2.0,!=1.5.7, zstandard >=0.18.0?2406
brotli-python | ext | 1.0.9@2108 1.1.0@2309 1.2.0@2511 | | libbrotlicommon >=1.0.9
pysocks | py | 1.6.8@1803 1.7.1@1909 |
zstandard | ext | auto 0.15.2@2102 180 | cffi >=1.11, +zstd
certifi | py | auto 2017.11.5@1711 80 |
idna | py | 2.6@1710 2.8@1901 2.10@2007 3.1@2101 3.3@2110 3.4@2209 3.6@2311 3.7@2404 3.8@2408 3.10@2409 3.11@2510 |
chardet | ext | 3.0.4@1710 4.0.0@2012 5.0.0@2206 5.1.0@2212 5.2.0@2309 |
charset-normalizer | py | 2.0.0@2107 2.1.1@2208 3.1.0@2303 3.2.0@2307 3.3.2@2311 3.4.0@2410 3.4.2@2505 3.4.4@2510 |
six | py | 1.11.0@1709 1.12.0@1812 1.14.0@2001 1.15.0@2005 1.16.0@2105 1.17.0@2412 |
python-dateutil | py | 2.7.5@1811 2.8.0@1902 2.8.1@1911 2.8.2@2107 2.9.0@2403 2.9.0.post0@2409 | six >=1.5
pytz | py | auto 2017.3@1711 90 |
python-tzdata | py | auto 2022.7@2301 100 |
packaging | py | 17.1@1803 19.0@1901 20.1@2002 20.9@2101 21.3@2111 23.0@2301 23.1@2304 23.2@2310 24.0@2403 24.1@2406 24.2@2411 25.0@2504 |
attrs | py | auto 17.4.0@1801 140 |
click | py | 6.7@1709 7.0@1810 7.1.2@2004 8.0.3@2110 8.1.3@2205 8.1.7@2308 8.1.8@2412 8.2.1@2505 8.3.1@2511 | importlib_metadata?-2207, __unix?2205
typing_extensions | py | auto 3.7.4@1907 110 |
typing-extensions | py | auto 4.0.0@2112 110 | typing_extensions
importlib_metadata | py | auto 0.18@1907 40 | importlib-metadata >={v}?2207, zipp >=0.5
importlib-metadata | py | auto 1.6.0@2004 45 | zipp >=0.5, typing_extensions >=3.6.4
importlib_resources | py | auto 1.5.0@2005 60 | zipp >=3.1.0
zipp | py | auto 0.5.2@1907 80 |
tornado | ext | 5.1@1807 6.0@1903/4 6.1@2010 6.2@2207 6.3@2305/3 6.4@2311/2 6.5@2505/2 |
pyzmq | ext | auto 17.1.2@1808 90 | +zeromq
zeromq | lib:2 | 4.2.5@1807 4.3.2@1907 4.3.4@2101 4.3.5@2310 | libsodium >=1.0.18,<1.0.19.0a0?-2407, +libsodium?2407
libsodium | lib:3 | 1.0.16@1803 1.0.18@2007 1.0.20@2411 |
psutil | ext | auto 5.4.7@1809 75 |
lxml | ext | auto 4.2.5@1809 80 | +libxml2, +libxslt, +libzlib
msgpack-python | ext | auto 0.6.1@1901 200 |
simplejson | ext | auto 3.16.0@1807 160 |
ujson | ext | auto 1.35@1803 160 |
regex | ext | auto 2019.8.19@1908 40 |
rpds-py | ext | auto 0.7.1@2304 45 |
pydantic-core | ext | auto 2.0.1@2307 25 | typing-extensions >=4.6.0,!=4.7.0
pydantic | py | auto 2.0@2307 45 | annotated-types >=0.4.0, pydantic-core, typing-extensions >=4.6.1, typing-inspection >=0.4.0?2504
typing-inspection | py | 0.4.0@2503 0.4.1@2505 0.4.2@2510 | typing_extensions >=4.12.0
annotated-types | py | 0.4.0@2211 0.5.0@2306 0.6.0@2311 0.7.0@2405 | typing-extensions >=4.0.0
h5py | ext | 2.8.0@1806 2.10.0@1909 3.1.0@2011 3.6.0@2111 3.7.0@2205 3.8.0@2302 3.10.0@2310 3.11.0@2404 3.12.1@2409 3.13.0@2502 3.14.0@2506 3.15.1@2510 | cached-property?-2404, +hdf5, +numpy
cached-property | py | 1.5.1@1811 1.5.2@2010 |
netcdf4 | ext | 1.4.2@1812 1.5.4@2008 1.5.8@2111 1.6.2@2211 1.6.5@2310 1.7.1@2407 1.7.2@2410 1.7.3@2510 | certifi, cftime, +hdf5, +libnetcdf, +numpy, +libzlib
cftime | ext | auto 1.0.3@1812 200 | +numpy
pytables | ext | 3.4.4@1806 3.6.1@1910 3.7.0@2112 3.8.0@2302 3.9.2@2311 3.10.1@2408 3.10.2@2501 | blosc >=1.21.0,<2.0a0, bzip2, +hdf5, numexpr, +numpy, +lz4-c
blosc | lib:1 | 1.16.3@1905 1.21.0@2012 1.21.3@2301 1.21.6@2407 | +lz4-c, +snappy, +zstd, +libzlib
numexpr | ext | auto 2.6.8@1809 200 | +numpy
nodejs | tool | 8.15.1@1903 10.13.0@1904 12.4.0@1907 14.14.0@2010 16.13.0@2111 18.12.1@2211 20.9.0@2311 22.12.0@2412 24.4.1@2507 | +icu, +libuv, +libzlib, +openssl
traitlets | py | auto 4.3.3@1910 110 |
jupyter_core | py | auto 4.6.0@1910 100 | platformdirs >=2.5?2212, traitlets >=5.3?2302, __unix?2302, pywin32 >=300?-1901
jupyter_client | py | auto 5.3.4@1910 90 | jupyter_core >=4.6.0, python-dateutil >=2.1, pyzmq >=13, tornado >=4.1, traitlets
platformdirs | py | auto 2.2.0@2107 70 | typing-extensions?2306
ipython | py | 7.8.0@1909 7.12.0@2002 7.16.1@2006 7.23.1@2105 7.30.0@2111 8.0.1@2201 8.6.0@2210 8.10.0@2302 8.14.0@2306 8.18.1@2311 8.22.2@2403 8.26.0@2406 8.29.0@2410 9.0.2@2503 9.4.0@2507 9.8.0@2512 | decorator, jedi >=0.16, matplotlib-inline?2103, pexpect >4.3, pickleshare?-2407, prompt-toolkit >=2.0.0,!=3.0.0,!=3.0.1, pygments >=2.4.0, stack_data?2201, traitlets >=4.2, __unix?2201, backcall?-2306, exceptiongroup?2311
decorator | py | 4.4.1@1910 4.4.2@2002 5.1.0@2109 5.1.1@2201 5.2.1@2502 |
jedi | py | 0.15.1@1908 0.17.2@2007 0.18.1@2111 0.18.2@2211 0.19.1@2310 0.19.2@2411 | parso >=0.5.0
parso | py | 0.5.1@1907 0.7.0@2004 0.8.2@2104 0.8.3@2111 0.8.4@2404 0.8.5@2508 |
matplotlib-inline | py | 0.1.2@2103 0.1.6@2208 0.1.7@2404 0.2.1@2510 | traitlets
pexpect | py | 4.6.0@1807 4.7.0@1904 4.8.0@2001 4.9.0@2311 | ptyprocess >=0.5
ptyprocess | py | 0.6.0@1810 0.7.0@2012 |
pickleshare | py | 0.7.5@1809 |
backcall | py | 0.1.0@1806 0.2.0@2006 |
prompt-toolkit | py | auto 2.0.9@1903 70 | wcwidth
wcwidth | py | auto 0.1.7@1803 250 |
pygments | py | auto 2.2.0@1801 85 |
stack_data | py | 0.1.4@2201 0.6.2@2211 0.6.3@2309 | asttokens, executing, pure_eval
asttokens | py | auto 2.0.5@2103 200 |
executing | py | auto 0.8.2@2112 150 |
pure_eval | py | 0.2.1@2107 0.2.2@2201 0.2.3@2407 |
exceptiongroup | py | 1.0.4@2211 1.1.3@2308 1.2.0@2311 1.2.2@2407 1.3.0@2505 1.3.1@2511 |
ipykernel | py | 5.1.3@1910 5.3.4@2007 5.5.5@2105 6.4.1@2109 6.9.1@2202 6.16.0@2209 6.21.2@2302 6.25.0@2307 6.29.4@2404 6.29.5@2407 6.30.1@2508 7.1.0@2510 | __linux?2109, comm >=0.1.1?2302, debugpy >=1.6.5?2109, ipython >=7.0, jupyter_client >=6.1.12, jupyter_core, matplotlib-inline >=0.1?2109, nest-asyncio?2202, packaging, psutil, pyzmq >=17, tornado >=6.1, traitlets >=5.0.0?2109
comm | py | 0.1.1@2211 0.1.4@2308 0.2.1@2401 0.2.2@2403 0.2.3@2507 | traitlets >=4
debugpy | ext | auto 1.4.1@2107 45 |
nest-asyncio | py | 1.5.1@2101 1.5.6@2209 1.5.8@2309 1.6.0@2401 |
jupyter_server | py | auto 1.0.0@2010 30 | anyio >=3.1.0?2101, argon2-cffi >=21.1, jinja2 >=3.0.3, jupyter_client >=6.1.12, jupyter_core >=4.7.0, jupyter_events >=0.6.0?2302, jupyter_server_terminals >=0.4.4?2302, nbconvert-core >=6.4.4?2205, nbformat >=5.3.0, overrides >=5.0?2307, packaging, prometheus_client, pyzmq >=17, send2trash, terminado >=0.8.3, tornado >=6.1.0, traitlets >=5.1.0, websocket-client
jupyter_events | py | 0.6.3@2301 0.7.0@2307 0.9.0@2311 0.10.0@2404 0.11.0@2412 0.12.0@2502 | jsonschema-with-format-nongpl >=3.2.0, python-json-logger >=2.0.4, pyyaml >=5.3, referencing?2307, rfc3339-validator, rfc3986-validator >=0.1.1, traitlets >=5.3
jupyter_server_terminals | py | 0.4.4@2301 0.5.1@2401 0.5.3@2403 | terminado >=0.8.3
jupyterlab | py | 1.2.1@1910 2.0.1@2003 2.2.8@2009 3.0.7@2102 3.1.10@2108 3.2.5@2112 3.4.7@2209 3.6.1@2301 3.6.5@2306 4.0.2@2306 4.0.8@2311 4.1.5@2403 4.2.5@2408 4.3.4@2412 4.4.5@2507 4.5.0@2511 | async-lru >=1.0.0?2306, httpx >=0.25.0?2403, importlib_metadata >=4.8.3, importlib_resources >=1.4, ipykernel >=6.5.0?2306, ipython, jinja2 >=3.0.3, jupyter-lsp >=2.0.0?2306, jupyter_core, jupyter_server >=1.4,<3?2012, jupyterlab_server >=2.10?2102, nbclassic?-2306, notebook >=4.3.1?-2102, notebook-shim >=0.2?2306, packaging, setuptools >=40.1.0?2403, tomli?2107, tornado >=6.1.0, traitlets
async-lru | py | 1.0.3@2201 2.0.3@2307 2.0.4@2308 2.0.5@2503 | typing_extensions >=4.0.0
httpx | py | auto 0.13.3@2005 90 | anyio, certifi, h11 >=0.8, httpcore, idna
httpcore | py | auto 0.9.1@2005 90 | anyio >=3.0,<5, certifi, h11 >=0.13, h2 >=3,<5, sniffio 1.*
h11 | py | 0.9.0@2005 0.12.0@2101 0.13.0@2202 0.14.0@2209 0.16.0@2504 |
h2 | py | 3.2.0@2003 4.0.0@2010 4.1.0@2110 4.2.0@2502 4.3.0@2508 | hpack >=3.0, hyperframe >=5.2.0
hpack | py | 3.0.0@1902 4.0.0@2008 4.1.0@2502 |
hyperframe | py | 5.2.0@1902 6.0.1@2104 6.1.0@2502 |
anyio | py | auto 1.4.0@2007 60 | idna >=2.8, sniffio >=1.1, exceptiongroup >=1.0.2?2308, typing_extensions >=4.1?2404
sniffio | py | 1.1.0@1905 1.2.0@2011 1.3.0@2209 1.3.1@2402 |
argon2-cffi | py | 21.1.0@2108 21.3.0@2112 23.1.0@2308 25.1.0@2506 | argon2-cffi-bindings, typing-extensions
argon2-cffi-bindings | ext | 21.2.0@2112 25.1.0@2507 | cffi >=1.0.1
nbformat | py | 4.4.0@1805 5.0.4@2001 5.1.3@2104 5.4.0@2206 5.7.0@2210 5.9.2@2308 5.10.4@2404 | jsonschema >=2.6, jupyter_core, python-fastjsonschema?2206, traitlets >=5.1
nbconvert-core | py | auto 6.5.0@2204 60 | beautifulsoup4, bleach, defusedxml, jinja2 >=3.0, jupyter_core >=4.7, jupyterlab_pygments, markupsafe >=2.0, mistune >=0.8.1,<4, nbclient >=0.5.0, nbformat >=5.1, packaging, pandocfilters >=1.4.1, pygments >=2.4.1, traitlets >=5.0 | pandoc >=2.14.2,<4.0.0
nbclient | py | auto 0.5.0@2009 100 | jupyter_client >=6.1.5, nbformat >=5.1, nest-asyncio?-2211, traitlets >=5.3?2211
nbclassic | py | auto 0.2.6@2102 45 | jupyter_server >=1.8, notebook-shim >=0.1.0?2205, notebook <7?-2211
notebook-shim | py | 0.1.0@2204 0.2.2@2211 0.2.3@2305 0.2.4@2402 | jupyter_server >=1.8,<3
notebook | py | 5.7.8@1904 6.0.3@2001 6.1.5@2011 6.4.6@2111 6.5.3@2303 7.0.2@2308 7.0.6@2310 7.2.1@2406 7.3.2@2412 7.4.5@2508 7.5.0@2511 | argon2-cffi, ipykernel, jinja2, jupyter_client >=5.3.4, jupyter_core >=4.6.1, jupyter_server >=2.0.1,<3?2308, jupyterlab >=4.0.2,<5?2308, nbclassic >=0.4.7?2211, nbformat, notebook-shim >=0.2,<0.3?2308, pyzmq >=17, send2trash, terminado >=0.8.3, tornado >=6.1, traitlets >=4.2.1
jupyterlab_server | py | auto 1.0.6@1907 45 | babel >=2.10?2211, importlib-metadata >=4.8.3?2203, jinja2 >=3.0.3, json5 >=0.9.0, jsonschema >=4.18?2308, jupyter_server >=1.21,<3?2211, packaging >=21.3, requests >=2.31?2308
jupyterlab_pygments | py | 0.1.2@2009 0.2.2@2205 0.3.0@2311 | pygments >=2.4.1,<3
jupyter-lsp | py | auto 2.0.0@2306 90 | importlib-metadata >=4.8.3, jupyter_server >=1.1.2
json5 | py | auto 0.9.5@2005 150 |
jsonschema | py | auto 2.6.0@1709 75 | attrs >=17.4.0, jsonschema-specifications >=2023.03.6?2307, referencing >=0.28.4?2307, rpds-py >=0.7.1?2307, importlib_resources >=1.4.0, pkgutil-resolve-name >=1.3.10?2208
jsonschema-specifications | py | 2023.6.1@2306 2023.7.1@2307 2023.12.1@2312 2024.10.1@2410 2025.4.1@2504 2025.9.1@2509 | referencing >=0.31.0
jsonschema-with-format-nongpl | py | auto 4.17.3@2302 75 | fqdn, idna, isoduration, jsonpointer >1.13, jsonschema, rfc3339-validator, rfc3986-validator >0.1.0, uri-template, webcolors >=1.11
fqdn | py | 1.5.1@2203 |
isoduration | py | 20.11.0@2203 |
jsonpointer | ext | 2.3@2203 2.4@2306 3.0.0@2406 |
uri-template | py | 1.2.0@2203 1.3.0@2306 |
webcolors | py | auto 1.11.1@2007 300 |
rfc3339-validator | py | 0.1.4@2203 |
rfc3986-validator | py | 0.1.1@2203 |
referencing | py | auto 0.29.1@2307 70 | attrs >=22.2.0, rpds-py >=0.7.0, typing_extensions >=4.4.0
pkgutil-resolve-name | py | 1.3.10@2208 |
python-json-logger | py | 2.0.1@2012 2.0.4@2207 2.0.7@2302 3.3.0@2503 4.0.0@2510 |
python-fastjsonschema | py | auto 2.15.3@2202 130 |
prometheus_client | py | auto 0.7.1@1908 110 |
send2trash | py | 1.5.0@1808 1.8.0@2108 1.8.2@2305 1.8.3@2404 | __linux
terminado | py | 0.8.2@1908 0.9.4@2104 0.15.0@2205 0.17.1@2212 0.18.0@2311 0.18.1@2403 | __linux?2205, ptyprocess, tornado >=6.1.0
websocket-client | py | auto 0.57.0@2001 130 |
overrides | py | auto 7.3.1@2301 250 | typing_utils
typing_utils | py | 0.1.0@2203 |
babel | py | auto 2.6.0@1806 160 | pytz >=2015.7
beautifulsoup4 | py | auto 4.6.3@1808 150 | soupsieve >=1.2
soupsieve | py | auto 1.9@1903 130 |
bleach | py | auto 3.0.2@1811 140 | webencodings, packaging
webencodings | py | 0.5.1@1801 |
defusedxml | py | 0.6.0@1906 0.7.1@2103 |
mistune | py | 0.8.4@1811 2.0.4@2207 2.0.5@2301 3.0.1@2306 3.0.2@2310 3.1.0@2412 3.1.4@2508 |
pandocfilters | py | 1.4.2@1807 1.5.0@2110 |
tomli | py | auto 1.0.0@2107 120 |
tinycss2 | py | 1.1.1@2204 1.2.1@2211 1.4.0@2410 | webencodings >=0.4
pandoc | tool | auto 2.7.3@1907 90 |
rich | py | auto 9.13.0@2103 40 | markdown-it-py >=2.2.0?2301, commonmark >=0.9.0,<0.10.0?-2301, pygments >=2.6.0,<3.0.0, typing_extensions >=4.0.0,<5.0.0
commonmark | py | 0.9.1@1911 |
markdown-it-py | py | auto 2.2.0@2302 200 | mdurl >=0.1,<1
mdurl | py | 0.1.0@2204 0.1.2@2408 |
flask | py | 1.0.2@1805 1.1.2@2004 2.0.1@2106 2.0.2@2110 2.2.2@2208 2.3.2@2305 2.3.3@2308 3.0.0@2312 3.0.3@2404 3.1.0@2411 3.1.2@2508 | blinker >=1.6.2?2305, click >=8.1.3?2305, click >=5.1?-2305, importlib-metadata >=3.6?2305, itsdangerous >=2.1.2?2305, itsdangerous >=0.24?-2305, jinja2 >=3.1.2?2305, jinja2 >=2.10.1?-2305, werkzeug >=0.15,<2.0?-2106, werkzeug >=2.0,<3?2106?-2312, werkzeug >=3.0.0?2312
werkzeug | py | 0.14.1@1801 0.16.0@1909 1.0.1@2004 2.0.1@2105 2.0.3@2202 2.2.2@2208 2.3.4@2305 2.3.7@2308 3.0.1@2310 3.0.4@2408 3.1.3@2411 | markupsafe >=2.1.1?2208
itsdangerous | py | 1.1.0@1811 2.0.1@2105 2.1.2@2203 2.2.0@2404 |
blinker | py | 1.4@1801 1.6.2@2305 1.7.0@2311 1.8.2@2405 1.9.0@2411 |
django | py | auto 2.1.0@1808 40 | asgiref >=3.3.2, sqlparse >=0.2.2
asgiref | py | auto 3.2.3@1912 130 | typing_extensions >=4
sqlparse | py | auto 0.2.4@1803 180 |
sqlalchemy | ext | auto 1.2.7@1805 35 | greenlet !=0.4.17?2103, typing-extensions >=4.6.0?2301
greenlet | ext | auto 0.4.14@1809 110 |
fastapi | py | auto 0.100.0@2307 25 | pydantic >=1.7.4,!=2.0.0, starlette >=0.27.0, typing_extensions >=4.8.0
starlette | py | auto 0.27.0@2305 40 | anyio <5,>=3.4.0, typing_extensions >=3.10.0
pytest | py | 3.6.1@1806 4.0.1@1811 5.0.1@1907 5.4.1@2003 6.0.1@2008 6.2.4@2105 7.1.2@2204 7.2.1@2301 7.4.0@2306 7.4.4@2401 8.0.0@2401 8.2.2@2406 8.3.4@2412 8.4.1@2506 9.0.1@2511 | iniconfig?2008, packaging, pluggy >=0.12,<2.0?2105, pluggy <2,>=0.7?-2105, tomli >=1.0.0?2204, exceptiongroup >=1.0.0rc8?2301, attrs >=17.4.0?-2304, colorama, pygments?2506
iniconfig | py | 1.0.1@2008 1.1.1@2010 2.0.0@2301 2.3.0@2510 |
pluggy | py | 0.7.1@1807 0.13.1@1911 1.0.0@2108 1.3.0@2308 1.4.0@2401 1.5.0@2404 1.6.0@2505 |
colorama | py | 0.3.9@1711 0.4.3@1912 0.4.4@2010 0.4.6@2211 |
black | ext | auto 21.12b0@2112 70 | click >=8.0.0, mypy_extensions >=0.4.3, packaging >=22.0?2301, pathspec >=0.9.0, platformdirs >=2
mypy_extensions | py | 0.4.1@1804 0.4.3@1812 1.0.0@2302 1.1.0@2504 |
pathspec | py | auto 0.8.0@2004 200 |
tqdm | py | auto 4.19@1709 45 | colorama?2205
filelock | py | auto 3.0.10@1811 60 |
optree | ext | auto 0.9.1@2307 60 | typing-extensions >=4.6
sleef | lib:1 | 3.5.1@2011 3.6.1@2407 3.7@2410 3.8@2502 3.9.0@2507 | _openmp_mutex >=4.5
pybind11-abi | gen | 4@2101 11@2512 |
pybind11 | ext | auto 2.6.1@2011 120 | pybind11-global =={v}?-1901
torchvision | ext | 0.10.0@2107 0.12.0@2204 0.13.1@2208 0.15.2@2306 0.16.2@2401 0.18.1@2407 0.19.1@2411 0.20.1@2412 0.21.0@2503 0.22.0@2506 0.24.0@2511 | +libjpeg-turbo?2301, +libpng, +numpy, pillow >=5.3.0,!=8.3.0,!=8.3.1, pytorch
transformers | py | auto 4.20.0@2206 18 | filelock, huggingface_hub >=0.10.0,<2.0, numpy >=1.17, packaging >=20.0, pyyaml >=5.1, regex !=2019.12.17, requests, safetensors >=0.4.1?2401, tokenizers, tqdm >=4.27
huggingface_hub | py | auto 0.7.0@2205 30 | filelock, fsspec, packaging, pyyaml >=5.1, requests, tqdm >=4.42.1, typing_extensions >=3.7.4.3
safetensors | ext | auto 0.3.0@2303 120 |
tokenizers | ext | auto 0.12.1@2204 90 | huggingface_hub >=0.16.4?2401, +openssl
libopencv | lib:3 | 4.5.5@2201 4.6.0@2206 4.7.0@2301 4.8.1@2310 4.9.0@2401 4.10.0@2406 4.11.0@2502 4.12.0@2508 | +ffmpeg, +freetype, +harfbuzz, +hdf5, +libjpeg-turbo?2301, +libpng, +libprotobuf, +libtiff, +libwebp-base, +libzlib, libblas >=3.9.0,<4.0a0, libcblas >=3.9.0,<4.0a0, qt6-main >=6.4?2401
py-opencv | ext | 4.5.5@2201 4.6.0@2206 4.7.0@2301 4.8.1@2310 4.9.0@2401 4.10.0@2406 4.11.0@2502 4.12.0@2508 | +libopencv, +numpy
opencv | lib | 4.5.5@2201 4.6.0@2206 4.7.0@2301 4.8.1@2310 4.9.0@2401 4.10.0@2406 4.11.0@2502 4.12.0@2508 | +libopencv, py-opencv {v}
x264 | lib:1 | 1!157.20191217@1912 1!161.3030@2011 1!164.3095@2210 |
x265 | lib:1 | 3.5@2109 |
openh264 | lib:3 | 2.1.1@2010 2.3.0@2209 2.3.1@2210 2.4.0@2311 2.4.1@2402 2.5.0@2502 2.6.0@2503 |
dav1d | lib:3 | 1.0.0@2205 1.2.1@2306 |
svt-av1 | lib:3 | 1.1.0@2206 1.4.1@2302 1.7.0@2309 1.8.0@2312 2.0.0@2403 2.1.2@2407 2.3.0@2411 3.0.2@2504 3.1.2@2508 |
aom | lib:2 | 3.3.0@2203 3.5.0@2211 3.7.0@2309 3.8.1@2402 3.9.1@2406 |
ffmpeg | lib:1 | 4.3.2@2103 4.4.1@2112 5.1.2@2211 6.0.0@2306 6.1.1@2401 7.0.2@2408 7.1.0@2411 8.0.0@2509 | +aom?2203, +bzip2, +dav1d?2205, +fontconfig, +freetype, +libiconv, +libxml2, +libzlib, +openh264, +openssl?2409, +svt-av1?2206, +x264, x265 >=3.5,<3.6.0a0?2109
qt6-main | lib:1 | 6.4.3@2304 6.5.2@2308 6.6.1@2401 6.7.2@2407 6.7.3@2410 6.8.1@2412 6.8.3@2504 6.9.2@2509 6.10.1@2512 | +dbus, +fontconfig, +freetype, +harfbuzz, +icu, +krb5, +libcurl?-1901, +libglib, +libjpeg-turbo, +libpng, +libpq, +libsqlite, +libtiff, +libwebp-base, +libxcb, +libxml2, +libzlib, +openssl, +pcre2, +xorg-libx11, +xorg-libxext, +zstd | qt 6
qt-main | lib:2 | 5.15.2@2203 5.15.6@2209 5.15.8@2301 5.15.15@2409 | +dbus, +fontconfig, +freetype, +harfbuzz?-1901, +icu, +krb5, +libglib, +libpng, +libpq, +libsqlite?2207, +libxcb, +libxml2, +libzlib, +openssl, +zstd | qt 5.15
qt | lib:2 | 5.6.2@1801 5.9.7@1904 5.12.9@2010 | +dbus, +fontconfig, +freetype, +icu, +jpeg, +libpng, +libxcb, +libxml2, +libzlib, +openssl, +sqlite
dbus | lib:1 | 1.13.6@1904 1.16.2@2503 | +expat?-2302, +libexpat?2302, +libglib
pyqt | ext | 5.6.0@1801 5.9.2@1904 5.12.3@2010 5.15.4@2205 5.15.7@2209 5.15.9@2305 5.15.10@2405 5.15.11@2501 | +qt?-2203, +qt-main?2203, sip
pyside6 | ext | 6.4.3@2304 6.5.2@2308 6.6.1@2401 6.7.2@2407 6.7.3@2410 6.8.1@2412 6.8.3@2504 6.9.2@2509 6.10.1@2512 | +libxml2, +libxslt, +qt6-main
sip | ext | 4.18.1@1801 4.19.8@1904 6.5.1@2112 6.6.2@2206 6.7.5@2211 6.7.12@2310 6.10.0@2502 | packaging, ply, tomli
ply | py | 3.11@1803 |
git | tool | auto 2.17.0@1804 60 | +libcurl, +libexpat?2302, +libiconv, +libzlib, +openssl, +pcre2?2102, perl 5.*
perl | lib:2 | 5.26.2@1807 5.32.1@2101 | libxcrypt >=4.4.36?2310
cmake | tool | auto 3.10.0@1712 40 | +bzip2, +libcurl, +libexpat?2302, +libuv?2010, +libzlib, +ncurses, +rhash, +xz?-2411, +liblzma?2411, +zstd?2010
rhash | lib:1 | 1.3.6@1807 1.4.1@2011 1.4.3@2203 1.4.4@2306 1.4.5@2410 1.4.6@2505 |
ninja | tool | auto 1.8.2@1801 180 |
make | tool | 4.2.1@1801 4.3@2003 4.4.1@2408 |
jq | tool | 1.5@1801 1.6@1904 1.7.1@2402 1.8.1@2507 | oniguruma >=6.9.8,<6.10.0a0
oniguruma | lib:3 | 6.9.3@2004 6.9.8@2209 6.9.9@2311 6.9.10@2502 |
snakemake-minimal | py | auto 7.0.0@2202 25 | appdirs, conda-inject >=1.3.1?2311, docutils, gitpython, humanfriendly, jinja2 >=3.0,<4.0, jsonschema, nbformat, packaging >=24.0?2404, psutil, pulp >=2.0, pyyaml, requests >=2.8.1,<3.0, smart_open >=3.0, tabulate, yte >=1.5.1,<2.0
appdirs | py | 1.4.3@1801 1.4.4@2005 |
conda-inject | py | 1.3.1@2311 1.3.2@2406 | pyyaml >=6.0
docutils | py | 0.14@1801 0.16@2001 0.17.1@2104 0.19@2207 0.20.1@2305 0.21.2@2404 0.22@2507 |
gitpython | py | auto 3.1.0@2002 90 | gitdb >=4.0.1,<5
gitdb | py | 4.0.4@2004 4.0.10@2211 4.0.11@2310 4.0.12@2501 | smmap >=3.0.1,<6
smmap | py | 3.0.4@2005 5.0.0@2110 5.0.2@2501 |
humanfriendly | py | 8.2@2004 10.0@2110 |
pulp | ext | auto 2.0@2002 130 | amply >=0.1.2
amply | py | 0.1.4@2011 0.1.6@2307 | docutils >=0.3, pyparsing
smart_open | py | auto 3.0.0@2010 120 | wrapt?2402
wrapt | ext | auto 1.10.11@1801 200 |
tabulate | py | 0.8.3@1901 0.8.9@2103 0.9.0@2210 |
yte | py | auto 1.5.1@2211 180 | dpath >=2.1,<3.0, plac >=1.3.4,<2.0.0, pyyaml >=6.0,<7.0
dpath | py | 2.1.4@2302 2.2.0@2406 |
plac | py | 1.3.5@2207 1.4.3@2404 1.4.5@2504 |
boto3 | py | auto 1.26.0@2211 5 | botocore >={v},<1.99.0, jmespath >=0.7.1,<2.0.0, s3transfer >=0.6.0
botocore | py | auto 1.26.0@2211 5 | jmespath >=0.7.1,<2.0.0, python-dateutil >=2.1,<3.0.0, urllib3 >=1.25.4,!=2.2.0,<3
s3transfer | py | auto 0.6.0@2205 90 | botocore >=1.12.36
jmespath | py | 0.10.0@2005 1.0.1@2206 |
awscli | ext | auto 2.9.0@2211 6 | botocore, colorama >=0.2.5, cryptography >=3.3.2, docutils >=0.10, prompt-toolkit >=3.0.24, python-dateutil, urllib3 >=1.25.4,<3
aiohttp | ext | auto 3.4.4@1809 55 | attrs >=17.3.0, multidict >=4.5,<7.0, yarl >=1.0,<2.0, frozenlist >=1.1.1?2111, aiosignal >=1.1.2?2111
multidict | ext | auto 4.4.2@1810 120 |
yarl | ext | auto 1.2.6@1806 90 | idna >=2.0, multidict >=4.0
frozenlist | ext | auto 1.2.0@2110 180 |
aiosignal | py | 1.2.0@2110 1.3.1@2211 1.3.2@2412 1.4.0@2507 | frozenlist >=1.1.0
tensorflow-base | ext | 2.11.1@2304 2.12.1@2308 2.13.1@2311 2.14.0@2312 2.15.0@2402 2.16.1@2407 2.17.0@2410 2.18.0@2504 2.19.1@2511 | absl-py >=1.0.0, astunparse >=1.6.0, gast >=0.2.1, google-pasta >=0.1.1, +hdf5?-1901, h5py >=2.9.0, keras, +libabseil, +libcurl, +libgrpc, +libprotobuf, +libzlib, +numpy, +openssl, opt_einsum >=2.3.2, packaging, protobuf >=3.20.3, six >=1.12, +snappy, termcolor >=1.1.0, typing_extensions >=3.6.6, wrapt >=1.11.0
tensorflow | ext | 2.11.1@2304 2.12.1@2308 2.13.1@2311 2.14.0@2312 2.15.0@2402 2.16.1@2407 2.17.0@2410 2.18.0@2504 2.19.1@2511 | tensorflow-base {v}, tensorboard >=2.11
tensorboard | py | 2.11.2@2301 2.13.0@2305 2.15.1@2311 2.16.2@2402 2.17.1@2409 2.18.0@2410 2.19.0@2502 2.20.0@2507 | absl-py >=0.4, markdown >=2.6.8, numpy >=1.12.0, protobuf >=3.19.6,!=4.24.0, setuptools >=41.0.0, werkzeug >=1.0.1
markdown | py | auto 2.6.11@1801 120 | importlib-metadata >=4.4
keras | py | auto 2.11.0@2211 60 | absl-py, h5py, numpy, optree?2407, rich, packaging
absl-py | py | auto 0.9.0@1912 200 |
astunparse | py | 1.6.3@2006 | six >=1.6.1
gast | py | 0.3.3@2001 0.4.0@2008 0.5.4@2304 0.6.0@2407 |
google-pasta | py | 0.2.0@2003 | six
opt_einsum | py | 3.3.0@2007 3.4.0@2409 | numpy >=1.7
termcolor | py | auto 1.1.0@1801 250 |
protobuf | ext | 3.20.1@2206 3.21.12@2301 4.23.4@2310 4.25.1@2401 4.25.3@2404 5.27.5@2410 5.28.2@2411 5.29.3@2503 6.31.1@2509 6.33.2@2602 | +libabseil?2310, +libprotobuf, +libzlib
r-tidyverse | rn | 1.2.1@1803 1.3.0@2001 1.3.1@2104 1.3.2@2207 2.0.0@2302 | r-broom >=0.7.6, r-cli >=2.4.0, r-dplyr >=1.0.5, r-dbplyr >=2.1.0, r-forcats >=0.5.1, r-ggplot2 >=3.3.3, r-googledrive >=1.0.1, r-googlesheets4 >=0.3.0, r-haven >=2.3.1, r-hms >=1.0.0, r-httr >=1.4.2, r-jsonlite >=1.7.2, r-lubridate >=1.7.10, r-magrittr >=2.0.1, r-modelr >=0.1.8, r-pillar >=1.6.0, r-purrr >=0.3.4, r-readr >=1.4.0, r-readxl >=1.3.1, r-reprex >=2.0.0, r-rlang >=0.4.10, r-rstudioapi >=0.13, r-rvest >=1.0.0, r-stringr >=1.4.0, r-tibble >=3.1.0, r-tidyr >=1.1.3, r-xml2 >=1.3.2
r-broom | rn | auto 0.7.6@2104 150 | r-backports, r-dplyr >=1.0.0, r-generics >=0.0.2, r-glue, r-purrr, r-rlang, r-stringr, r-tibble >=3.0.0, r-tidyr >=1.0.0
r-cli | r | auto 2.4.0@2104 110 | r-glue >=1.6.0?2202
r-dplyr | r | 1.0.5@2103 1.0.7@2106 1.0.9@2204 1.0.10@2209 1.1.0@2301 1.1.3@2309 1.1.4@2311 | r-ellipsis?-2301, r-generics, r-glue >=1.3.2, r-lifecycle >=1.0.0, r-magrittr >=1.5, r-r6, r-rlang >=0.4.10, r-tibble >=2.1.3, r-tidyselect >=1.1.0, r-vctrs >=0.3.5, r-pillar?2301
r-dbplyr | rn | 2.1.0@2102 2.1.1@2104 2.2.1@2206 2.3.0@2301 2.4.0@2310 2.5.0@2403 2.5.1@2509 | r-assertthat?-2206, r-blob >=1.2.0, r-dbi >=1.0.0, r-dplyr >=1.0.4, r-glue, r-lifecycle, r-magrittr, r-purrr >=0.2.5, r-r6, r-rlang >=0.2.0, r-tibble >=1.4.2, r-tidyselect >=0.2.4, r-withr
r-forcats | rn | 0.5.1@2101 0.5.2@2208 1.0.0@2301 1.0.1@2509 | r-cli, r-glue, r-lifecycle, r-magrittr, r-rlang, r-tibble
r-ggplot2 | rn | 3.3.3@2101 3.3.5@2106 3.4.0@2211 3.4.4@2310 3.5.0@2402 3.5.1@2404 3.5.2@2504 4.0.0@2509 | r-glue, r-gtable >=0.1.1, r-isoband, r-lifecycle, r-mass, r-mgcv, r-rlang >=1.0.0?2211, r-scales >=0.5.0, r-tibble, r-withr >=2.0.0, r-digest?-2211
r-googledrive | rn | 1.0.1@2005 2.0.0@2107 2.1.1@2306 2.1.2@2509 | r-cli, r-gargle >=0.3.1, r-glue, r-httr, r-jsonlite, r-lifecycle, r-magrittr, r-pillar, r-purrr, r-rlang, r-tibble, r-uuid, r-vctrs, r-withr
r-googlesheets4 | rn | 0.3.0@2103 1.0.0@2107 1.1.1@2306 1.1.2@2509 | r-cellranger, r-cli, r-curl, r-gargle, r-glue, r-googledrive >=1.0.0, r-httr, r-ids, r-magrittr, r-purrr, r-rematch2, r-rlang, r-tibble, r-vctrs
r-gargle | rn | 0.5.0@2005 1.2.0@2107 1.5.2@2307 1.6.0@2509 | r-cli, r-fs, r-glue, r-httr >=1.4.0, r-jsonlite, r-rappdirs, r-rlang, r-rstudioapi, r-withr
r-haven | r | 2.3.1@2006 2.4.3@2108 2.5.1@2208 2.5.4@2311 2.5.5@2505 | r-cli, r-forcats >=0.2.0, r-hms, r-lifecycle, r-readr >=0.1.0, r-rlang, r-tibble, r-tidyselect, r-vctrs, +libzlib
r-hms | rn | 1.0.0@2101 1.1.1@2109 1.1.2@2208 1.1.3@2303 1.1.4@2510 | r-lifecycle, r-pkgconfig, r-rlang, r-vctrs
r-httr | rn | 1.4.2@2007 1.4.4@2208 1.4.6@2305 1.4.7@2308 | r-curl >=0.9.1, r-jsonlite, r-mime, r-openssl >=0.8, r-r6
r-jsonlite | r | auto 1.7.2@2012 150 |
r-lubridate | r | 1.7.10@2102 1.8.0@2110 1.9.0@2211 1.9.2@2302 1.9.3@2309 1.9.4@2412 | r-generics, r-timechange >=0.1.1?2211
r-timechange | r | 0.1.1@2211 0.2.0@2301 0.3.0@2401 |
r-magrittr | r | 2.0.1@2011 2.0.3@2203 2.0.4@2509 |
r-modelr | rn | 0.1.8@2005 0.1.10@2211 0.1.11@2303 | r-broom, r-magrittr, r-purrr >=0.2.2, r-rlang, r-tibble, r-tidyr, r-tidyselect, r-vctrs
r-pillar | rn | 1.6.0@2104 1.7.0@2202 1.8.1@2208 1.9.0@2303 1.10.0@2501 1.11.1@2509 | r-cli, r-fansi, r-glue?2309, r-lifecycle, r-rlang >=0.3.0, r-utf8 >=1.1.0, r-vctrs >=0.2.0
r-purrr | r | 0.3.4@2004 0.3.5@2210 1.0.0@2212 1.0.2@2308 1.0.4@2502 1.1.0@2507 | r-cli?2212, r-lifecycle?2212, r-magrittr >=1.5, r-rlang >=0.3.1, r-vctrs?2212
r-readr | r | 1.4.0@2010 2.0.0@2107 2.1.2@2201 2.1.4@2302 2.1.5@2401 | r-cli, r-clipr, r-crayon, r-hms, r-lifecycle, r-r6, r-rlang, r-tibble, r-vroom >=1.5.6?2107
r-vroom | r | 1.5.6@2111 1.6.0@2210 1.6.3@2304 1.6.5@2312 1.6.6@2509 | r-bit64, r-cli, r-crayon, r-glue, r-hms, r-lifecycle, r-rlang, r-tibble, r-tidyselect, r-tzdb, r-vctrs, r-withr
r-readxl | r | 1.3.1@1903 1.4.1@2208 1.4.3@2307 1.4.5@2503 | r-cellranger, r-tibble >=1.3.1, +libiconv
r-reprex | rn | 2.0.0@2104 2.0.2@2208 2.1.1@2407 | r-callr, r-cli, r-clipr, r-fs, r-glue, r-knitr, r-lifecycle, r-rlang, r-rmarkdown, r-rstudioapi, r-withr
r-rlang | r | 0.4.10@2012 0.4.12@2110 1.0.2@2203 1.0.6@2209 1.1.0@2303 1.1.2@2311 1.1.4@2406 1.1.6@2504 |
r-rstudioapi | rn | auto 0.13@2011 250 |
r-rvest | rn | 1.0.0@2103 1.0.3@2208 1.0.4@2402 1.0.5@2508 | r-cli, r-glue, r-httr, r-lifecycle, r-magrittr, r-rlang, r-selectr, r-tibble, r-xml2 >=1.3
r-stringr | rn | 1.4.0@1902 1.4.1@2208 1.5.0@2212 1.5.1@2311 1.5.2@2509 | r-glue >=1.2.0, r-magrittr, r-stringi >=1.1.7, r-cli?2212, r-lifecycle?2212, r-rlang?2212, r-vctrs?2212
r-stringi | r | auto 1.5.3@2009 180 | +icu
r-tibble | r | 3.1.0@2102 3.1.6@2111 3.1.8@2207 3.2.0@2303 3.2.1@2303 3.3.0@2506 | r-fansi, r-lifecycle, r-magrittr, r-pillar >=1.6.0, r-pkgconfig, r-rlang >=0.4.10, r-vctrs >=0.3.2
r-tidyr | r | 1.1.3@2103 1.2.0@2202 1.2.1@2209 1.3.0@2301 1.3.1@2402 | r-cli, r-dplyr >=0.8.2, r-ellipsis?-2301, r-glue, r-lifecycle, r-magrittr, r-purrr, r-rlang, r-stringr?2301, r-tibble >=2.1.1, r-tidyselect >=1.1.0, r-vctrs >=0.3.6
r-tidyselect | rn | 1.1.0@2005 1.1.2@2202 1.2.0@2210 1.2.1@2403 | r-cli, r-glue, r-lifecycle, r-rlang, r-vctrs, r-withr
r-xml2 | r | 1.3.2@2004 1.3.3@2111 1.3.5@2307 1.3.6@2312 1.3.8@2503 | +libxml2, r-cli?2312, r-rlang?2312
r-vctrs | r | auto 0.3.7@2104 110 | r-cli, r-glue, r-lifecycle, r-rlang >=0.4.10
r-lifecycle | rn | 1.0.0@2102 1.0.1@2109 1.0.3@2210 1.0.4@2311 | r-cli, r-glue, r-rlang >=0.4.10
r-glue | r | 1.4.2@2008 1.6.0@2112 1.6.2@2202 1.7.0@2401 1.8.0@2410 |
r-generics | rn | 0.1.0@2011 0.1.3@2207 0.1.4@2505 |
r-backports | r | 1.2.1@2012 1.4.1@2112 1.5.0@2405 |
r-ellipsis | r | 0.3.1@2005 0.3.2@2104 | r-rlang >=0.3.0
r-r6 | rn | 2.5.0@2011 2.5.1@2108 2.6.1@2502 |
r-assertthat | rn | 0.2.1@1903 |
r-blob | rn | 1.2.1@2001 1.2.3@2204 1.2.4@2303 | r-rlang, r-vctrs >=0.2.1
r-dbi | rn | 1.1.1@2101 1.1.3@2206 1.2.2@2402 1.2.3@2406 |
r-withr | rn | auto 2.4.1@2101 250 |
r-gtable | rn | 0.3.0@1903 0.3.1@2209 0.3.4@2308 0.3.6@2410 | r-cli, r-glue, r-lifecycle, r-rlang
r-isoband | r | 0.2.4@2103 0.2.6@2210 0.2.7@2212 |
r-mass | r | auto 7.3_53@2009 150 |
r-mgcv | r | auto 1.8_33@2009 130 | r-matrix, r-nlme >=3.1_64
r-matrix | r | auto 1.3_2@2101 110 | r-lattice
r-nlme | r | auto 3.1_152@2102 120 | r-lattice
r-lattice | r | auto 0.20_41@2004 220 |
r-scales | rn | 1.1.1@2005 1.2.0@2204 1.2.1@2208 1.3.0@2311 1.4.0@2504 | r-farver >=2.0.0, r-labeling, r-lifecycle, r-munsell >=0.5?-2504, r-r6, r-rcolorbrewer, r-viridislite, r-rlang, r-glue, r-cli
r-farver | r | 2.1.0@2102 2.1.1@2207 2.1.2@2405 |
r-labeling | rn | 0.4.2@2010 0.4.3@2308 |
r-munsell | rn | 0.5.0@1806 0.5.1@2404 | r-colorspace
r-colorspace | r | 2.0_0@2011 2.0_3@2202 2.1_0@2301 2.1_1@2407 |
r-rcolorbrewer | rn | 1.1_2@1808 1.1_3@2204 |
r-viridislite | rn | 0.4.0@2104 0.4.1@2208 0.4.2@2305 |
r-digest | r | auto 0.6.27@2010 150 |
r-uuid | r | 0.1_4@2003 1.0_3@2111 1.1_0@2204 1.2_0@2401 |
r-cellranger | rn | 1.1.0@1806 | r-rematch, r-tibble
r-rematch | rn | 1.0.1@1806 2.0.0@2308 |
r-rematch2 | rn | 2.1.2@2005 | r-tibble
r-curl | r | auto 4.3@1912 150 | +libcurl
r-ids | rn | 1.0.1@1808 | r-openssl >=0.9, r-uuid
r-openssl | r | auto 1.4.3@2009 180 | r-askpass, +openssl
r-askpass | r | 1.1@1903 1.2.0@2309 1.2.1@2410 | r-sys >=2.1
r-sys | r | 3.4@2008 3.4.1@2210 3.4.2@2305 3.4.3@2410 |
r-fs | r | 1.5.0@2008 1.5.2@2112 1.6.0@2301 1.6.3@2307 1.6.4@2404 1.6.6@2504 |
r-rappdirs | r | 0.3.3@2101 |
r-mime | r | 0.9@2002 0.12@2109 0.13@2503 |
r-pkgconfig | rn | 2.0.3@1909 |
r-fansi | r | 0.4.2@2101 1.0.2@2201 1.0.4@2301 1.0.6@2312 |
r-utf8 | r | 1.2.1@2103 1.2.2@2107 1.2.3@2302 1.2.4@2310 1.2.6@2506 |
r-clipr | rn | 0.7.1@2010 0.8.0@2202 |
r-crayon | rn | 1.4.1@2102 1.5.1@2203 1.5.2@2210 1.5.3@2406 |
r-bit64 | r | 4.0.5@2008 4.5.2@2410 4.6.0_1@2501 | r-bit >=4.0.0
r-bit | r | 4.0.4@2008 4.0.5@2211 4.5.0@2409 4.6.0@2503 |
r-tzdb | r | 0.1.2@2107 0.3.0@2203 0.4.0@2305 0.5.0@2503 |
r-callr | rn | 3.6.0@2103 3.7.2@2208 3.7.3@2211 3.7.6@2403 | r-processx >=3.6.1, r-r6
r-processx | r | auto 3.5.1@2104 200 | r-ps >=1.2.0, r-r6
r-ps | r | auto 1.6.0@2102 180 |
r-knitr | rn | auto 1.31@2101 90 | r-evaluate >=0.15, r-highr, r-xfun >=0.34, r-yaml >=2.1.19
r-evaluate | rn | auto 0.14@1905 300 |
r-highr | rn | 0.8@1903 0.9@2104 0.10@2212 0.11@2405 | r-xfun >=0.18
r-xfun | r | auto 0.22@2103 90 |
r-yaml | r | 2.2.1@2002 2.3.5@2202 2.3.7@2301 2.3.10@2407 |
r-rmarkdown | rn | auto 2.7@2102 130 | pandoc >=1.14, r-bslib?2106, r-evaluate >=0.13, r-fontawesome?2202, r-htmltools >=0.5.1, r-jquerylib, r-jsonlite, r-knitr >=1.22, r-tinytex >=0.11, r-xfun >=0.15, r-yaml
r-bslib | rn | auto 0.2.5@2105 200 | r-base64enc, r-cachem, r-fastmap, r-htmltools >=0.5.2, r-jquerylib, r-jsonlite, r-memoise, r-mime, r-rlang, r-sass >=0.4.0
r-fontawesome | rn | 0.2.2@2107 0.5.0@2301 0.5.2@2308 0.5.3@2411 | r-htmltools >=0.5.1.1, r-rlang
r-htmltools | r | auto 0.5.1@2101 200 | r-base64enc, r-digest, r-fastmap, r-rlang
r-jquerylib | rn | 0.1.4@2104 | r-htmltools
r-tinytex | rn | auto 0.30@2103 130 | r-xfun >=0.29
r-base64enc | r | 0.1_3@1806 |
r-cachem | r | 1.0.5@2105 1.0.6@2108 1.0.8@2305 1.1.0@2405 | r-fastmap >=1.1.0, r-rlang
r-fastmap | r | 1.1.0@2101 1.1.1@2302 1.2.0@2405 |
r-memoise | rn | 2.0.0@2101 2.0.1@2111 | r-cachem, r-rlang
r-sass | r | auto 0.4.0@2105 200 | r-fs, r-htmltools >=0.5.1, r-r6, r-rappdirs, r-rlang
r-selectr | rn | 0.4_2@1911 | r-r6, r-stringr
r-sf | r | auto 0.9_8@2103 110 | r-classint >=0.4_1, r-dbi >=0.8, r-magrittr, r-rcpp >=0.12.18, r-s2 >=1.0.7, r-units >=0.6_0, +geos, +proj, +libgdal?-2405, +libgdal-core?2405
r-classint | r | 0.4_3@2004 0.4_8@2209 0.4_10@2309 0.4_11@2501 | r-e1071, r-class, r-kernsmooth
r-e1071 | r | 1.7_6@2103 1.7_11@2206 1.7_13@2302 1.7_14@2312 1.7_16@2409 | r-class, r-proxy
r-class | r | 7.3_18@2101 7.3_20@2201 7.3_22@2305 7.3_23@2501 | r-mass
r-kernsmooth | r | 2.23_20@2105 2.23_22@2307 2.23_26@2501 |
r-proxy | r | 0.4_25@2103 0.4_27@2206 |
r-rcpp | r | auto 1.0.6@2101 140 |
r-s2 | r | auto 1.0.7@2109 200 | r-rcpp, r-wk >=0.6.0, +openssl
r-wk | r | auto 0.6.0@2201 150 |
r-units | r | 0.7_1@2103 0.8_0@2202 0.8_1@2212 0.8_5@2311 | r-rcpp >=0.12.10
"""

# names whose histories are written by code (mutexes, several builds a version)
SPECIAL = (
    "python",
    "python_abi",
    "pypy3.9",
    "_libgcc_mutex",
    "_openmp_mutex",
    "blas",
    "libblas",
    "libcblas",
    "liblapack",
    "mpi",
    "mpich",
    "openmpi",
    "hdf5",
    "libtorch",
    "pytorch",
    "pytorch-cpu",
    "pytorch-gpu",
    "cuda-version",
    "cudatoolkit",
    "r-base",
    "_r-mutex",
)
