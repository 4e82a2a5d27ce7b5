"""Language models as baselines: any endpoint that speaks as OpenAI's does, and a small model on one core.

sentences  what is shown at a time        prompts    what is asked, the shape of an answer
settings   the environment                endpoint   a model behind a URL
local      a model in a GGUF file         parts      where that file comes from
model      what both have in common       cache      answers kept, by what was asked
asking     many requests                  answers    answers made into mentions and claims
identity   entities by name               judging    pairs of given claims
report     tokens, cost, failures         baseline   all of it
"""

from variorum.baselines.llm.baseline import ABOUT_LLM, ABOUT_LLM_LOCAL, llm, llm_local

__all__ = ["ABOUT_LLM", "ABOUT_LLM_LOCAL", "llm", "llm_local"]
