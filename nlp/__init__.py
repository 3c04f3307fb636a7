"""Understanding Vietnamese: what a citizen's words mean among all procedures."""

import numpy as np
from threadpoolctl import threadpool_limits

# One question is a few small products: threads of the linear algebra would only wait for each
# other, and three times as long where several processes share the cores. The library must be
# loaded before it can be told.
np.zeros(1)
threadpool_limits(limits=1, user_api="blas")
