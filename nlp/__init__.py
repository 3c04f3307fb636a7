"""Understanding Vietnamese: what a citizen's words mean among all procedures."""

import os

# One question is a few small products: threads of the linear algebra would only wait for each
# other, and three times as long where several processes share the cores. Set before numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
